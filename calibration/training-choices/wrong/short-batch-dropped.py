"""The short batch is left out, and the fraction is 0 where the batches are all full."""

# %% marks
# short-batch-checks 0 of 3
# short-batch-hidden 1 of 3


# %% answer short-batch
def batch_sizes(n, batch_size):
    return [batch_size] * (n // batch_size)


def short_step_fraction(n, batch_size):
    return n % batch_size / batch_size


def train_epoch(w, b, features, labels, lr, batch_size):
    for X, y in data_iter(batch_size, features, labels):
        if len(X) == batch_size:
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, batch_size)
