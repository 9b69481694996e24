"""The loss is compared with the target only after an epoch, never before the first."""

# %% marks
# count-epochs-checks 1 of 2


# %% answer count-epochs
def count_epochs(w, b, features, labels, lr, batch_size, target, max_epochs=1000):
    for epoch in range(1, max_epochs + 1):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, len(X))
        if squared_loss(linreg(features, w, b), labels).mean() <= target:
            return epoch
    return None
