"""The largest residuals come last whatever their sign, so they cancel unless all are too high."""

# %% marks
# malicious-order-checks 1 of 3
# malicious-order-hidden 2 of 4


# %% answer malicious-order
def malicious_order(features, labels):
    X = torch.cat([features, torch.ones_like(labels)], 1)
    residuals = (labels - X @ torch.linalg.lstsq(X, labels).solution).flatten()
    return residuals.abs().argsort()
