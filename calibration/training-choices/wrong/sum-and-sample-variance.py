"""The sum over the pairs in place of the mean, a fit that diverges on it, and n - 1."""

# %% marks
# broadcast-checks 0 of 3
# broadcast-hidden 0 of 2


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    return ((y_hat - labels) ** 2 / 2).sum()


def broadcast_fit(features, labels):
    w = torch.zeros(features.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(100):
        broadcast_loss(linreg(features, w, b), labels).backward()
        sgd([w, b], 0.5, len(features))
    return w, b


def least_broadcast_loss(labels):
    return labels.var() / 2
