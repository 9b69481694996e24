"""Divergence is "end > start", which is False for nan, so the worst rates look stable."""

# %% marks
# find-limit-checks 2 of 3
# find-limit-hidden 2 of 3


# %% answer find-limit
def diverges(features, labels, lr):
    w, b = torch.zeros(features.shape[1], 1), torch.zeros(1)
    start = (labels**2).mean()
    for _ in range(200):
        residual = features @ w + b - labels
        w -= lr * features.T @ residual / len(features)
        b -= lr * residual.mean()
    return bool(((features @ w + b - labels) ** 2).mean() > start)


def find_limit(unstable, low, high):
    while high - low > 1e-3 * low:
        middle = (low + high) / 2
        low, high = (low, middle) if unstable(middle) else (middle, high)
    return low
