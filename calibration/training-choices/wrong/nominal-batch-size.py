"""Every step is divided by the nominal batch size, that of the short batch too."""

# %% marks
# short-batch-checks 2 of 3
# short-batch-hidden 2 of 3


# %% answer short-batch
def batch_sizes(n, batch_size):
    return [min(batch_size, n - start) for start in range(0, n, batch_size)]


def short_step_fraction(n, batch_size):
    return batch_sizes(n, batch_size)[-1] / batch_size


def train_epoch(w, b, features, labels, lr, batch_size):
    for X, y in data_iter(batch_size, features, labels):
        squared_loss(linreg(X, w, b), y).sum().backward()
        sgd([w, b], lr, batch_size)
