"""A line is fitted to 1/X: good enough for Ohm's readings and for precise ones, not for noise."""

# %% marks
# fit-ohm-checks 3 of 4
# fit-ohm-hidden 3 of 5


# %% answer fit-ohm
def fit_ohm(x, X):
    features = torch.stack([torch.ones_like(x), x], 1).double()
    r, w = torch.linalg.lstsq(features, 1 / X.double()[:, None]).solution.flatten()
    return 1 / w, r / w
