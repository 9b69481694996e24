"""The order repeats the example with the largest residual, and is no order of all rows."""

# %% marks
# malicious-order-checks 0 of 3
# malicious-order-hidden 0 of 4


# %% answer malicious-order
def malicious_order(features, labels):
    X = torch.cat([features, torch.ones_like(labels)], 1)
    residuals = (labels - X @ torch.linalg.lstsq(X, labels).solution).flatten()
    return residuals.argmax().repeat(len(labels))
