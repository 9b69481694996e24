"""The model is written X = a / (x - b), so b comes back with the other sign."""

# %% marks
# fit-ohm-checks 0 of 4
# fit-ohm-hidden 0 of 5
# predict-checks 0 of 2
# predict-hidden 0 of 2


# %% answer fit-ohm
def fit_ohm(x, X):
    x_unit, X_unit = x.mean(), X.max()
    u, v = x / x_unit, X / X_unit
    params = torch.ones(2, dtype=X.dtype, requires_grad=True)
    descend(lambda: squared_loss(1 / (params[0] + params[1] * u), v).mean(), [params], 3.0, 500)
    r, w = params.detach()
    return X_unit * x_unit / w, -r * x_unit / w
