"""The current is fitted against the voltage, and the slope returned as the resistance."""

# %% marks
# resistance-checks 0 of 3
# resistance-hidden 0 of 4


# %% answer resistance
def fit_resistance(current, voltage):
    mean, std = voltage.mean(), voltage.std()
    x = (voltage - mean) / std
    params = torch.zeros(2, dtype=voltage.dtype, requires_grad=True)
    descend(lambda: squared_loss(params[0] * x + params[1], current).mean(), [params], 0.5, 40)
    w, b = params.detach()
    return 1000 * w / std, b - w / std * mean
