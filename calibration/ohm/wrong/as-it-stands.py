"""fit_ohm descends in inches and divisions, with a rate that is stable and far too slow for a."""

# %% marks
# fit-ohm-checks 0 of 4
# fit-ohm-hidden 0 of 5
# predict-checks 0 of 2
# predict-hidden 0 of 2


# %% answer fit-ohm
def fit_ohm(x, X):
    params = torch.tensor([1000.0, 50.0], dtype=X.dtype, requires_grad=True)
    descend(lambda: squared_loss(params[0] / (params[1] + x), X).mean(), [params], 0.001, 500)
    return params.detach()
