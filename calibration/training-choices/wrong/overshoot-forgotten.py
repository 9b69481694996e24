"""The logarithm of a negative factor, for rates that leap over the minimum."""

# %% marks
# predict-epochs-checks 1 of 2
# predict-epochs-hidden 1 of 2


# %% answer predict-epochs
def predict_epochs(start_loss, target, lr, eigenvalue):
    epochs = math.log(target / start_loss) / (2 * math.log(1 - lr * eigenvalue))
    return max(0, math.ceil(epochs))
