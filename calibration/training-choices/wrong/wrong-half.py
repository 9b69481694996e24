"""The bisection goes on in the half that does not hold the border."""

# %% marks
# find-limit-checks 2 of 3
# find-limit-hidden 1 of 3


# %% answer find-limit
def diverges(features, labels, lr):
    A = torch.cat([features, torch.ones(len(features), 1)], dim=1)
    params = torch.zeros(A.shape[1], 1)
    for _ in range(200):
        params -= lr * A.T @ (A @ params - labels) / len(A)
    return not ((A @ params - labels) ** 2).mean() < (labels**2).mean()


def find_limit(unstable, low, high):
    while high > 1.001 * low:
        middle = (low + high) / 2
        low, high = (middle, high) if unstable(middle) else (low, middle)
    return low
