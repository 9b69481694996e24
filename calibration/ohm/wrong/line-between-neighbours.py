"""predict draws straight lines between the measured wires, and goes on with the last one."""

# %% marks
# predict-checks 0 of 2
# predict-hidden 0 of 2


# %% answer predict
def predict(x, X, lengths):
    right = torch.searchsorted(x, lengths).clamp(1, len(x) - 1)
    slope = (X[right] - X[right - 1]) / (x[right] - x[right - 1])
    return X[right - 1] + slope * (lengths - x[right - 1])
