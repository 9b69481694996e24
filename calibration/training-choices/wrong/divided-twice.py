"""The mean of the losses, and sgd divides by the batch size once more."""

# %% marks
# count-epochs-checks 1 of 2
# count-epochs-hidden 0 of 3
# short-batch-checks 2 of 3
# short-batch-hidden 1 of 3
# broadcast-checks 2 of 3
# broadcast-hidden 1 of 2


# %% answer count-epochs
def count_epochs(w, b, features, labels, lr, batch_size, target, max_epochs=1000):
    for epoch in range(max_epochs + 1):
        if squared_loss(linreg(features, w, b), labels).mean() <= target:
            return epoch
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).mean().backward()
            sgd([w, b], lr, len(X))
    return None


# %% answer short-batch
def batch_sizes(n, batch_size):
    return [min(batch_size, n - start) for start in range(0, n, batch_size)]


def short_step_fraction(n, batch_size):
    return batch_sizes(n, batch_size)[-1] / batch_size


def train_epoch(w, b, features, labels, lr, batch_size):
    for X, y in data_iter(batch_size, features, labels):
        squared_loss(linreg(X, w, b), y).mean().backward()
        sgd([w, b], lr, len(X))


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    return ((y_hat - labels) ** 2 / 2).mean()


def broadcast_fit(features, labels):
    w = torch.zeros(features.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(100):
        broadcast_loss(linreg(features, w, b), labels).backward()
        sgd([w, b], 0.5, len(features))
    return w, b


def least_broadcast_loss(labels):
    return labels.var(correction=0) / 2
