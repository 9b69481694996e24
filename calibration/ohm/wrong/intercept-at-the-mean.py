"""The currents are centred for the fit, and the intercept is not moved back to zero current."""

# %% marks
# resistance-checks 2 of 3
# resistance-hidden 2 of 4


# %% answer resistance
def fit_resistance(current, voltage):
    mean, std = current.mean(), current.std()
    x = (current - mean) / std
    params = torch.zeros(2, dtype=voltage.dtype, requires_grad=True)
    descend(lambda: squared_loss(params[0] * x + params[1], voltage).mean(), [params], 0.5, 40)
    w, b = params.detach()
    return 1000 * w / std, b
