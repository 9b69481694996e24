"""Least squares of the readings by weighted straight lines, each with the weights of the last."""


# %% answer fit-ohm
def fit_ohm(x, X):
    x, X = x.double(), X.double()
    model = X
    features = torch.stack([torch.ones_like(x), x], 1)
    line = torch.linalg.lstsq(features, 1 / X).solution
    for _ in range(30):
        # To first order, X - model = -model² (line - resistance): a line with weights model².
        model = 1 / (features @ line)
        step = torch.linalg.lstsq(model[:, None] ** 2 * features, model - X).solution
        line = line + step
    r, w = line.tolist()
    return 1 / w, r / w
