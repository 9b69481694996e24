"""The resistance is left in volts per milliampere."""

# %% marks
# resistance-checks 1 of 3
# resistance-hidden 2 of 4


# %% answer resistance
def fit_resistance(current, voltage):
    mean, std = current.mean(), current.std()
    x = (current - mean) / std
    params = torch.zeros(2, dtype=voltage.dtype, requires_grad=True)
    descend(lambda: squared_loss(params[0] * x + params[1], voltage).mean(), [params], 0.5, 40)
    w, b = params.detach()
    return w / std, b - w / std * mean
