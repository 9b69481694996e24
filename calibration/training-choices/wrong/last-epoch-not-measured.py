"""The loss is measured before each epoch, so the result of the last epoch is never seen."""

# %% marks
# count-epochs-checks 1 of 2
# count-epochs-hidden 2 of 3


# %% answer count-epochs
def count_epochs(w, b, features, labels, lr, batch_size, target, max_epochs=1000):
    for epoch in range(max_epochs):
        if squared_loss(linreg(features, w, b), labels).mean() <= target:
            return epoch
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, len(X))
    return None
