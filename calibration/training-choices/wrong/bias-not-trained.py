"""The experiment leaves the bias at zero, so it measures the limit of the weights alone."""

# %% marks
# find-limit-checks 2 of 3
# find-limit-hidden 1 of 3


# %% answer find-limit
def diverges(features, labels, lr):
    w = torch.zeros(features.shape[1], 1)
    start = (labels**2).mean()
    for _ in range(200):
        w -= lr * features.T @ (features @ w - labels) / len(features)
    return not ((features @ w - labels) ** 2).mean() < start


def find_limit(unstable, low, high):
    while high - low > 1e-3 * low:
        middle = (low + high) / 2
        low, high = (low, middle) if unstable(middle) else (middle, high)
    return low
