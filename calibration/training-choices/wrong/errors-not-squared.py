"""The loss is taken to shrink like the errors, not like their square."""

# %% marks
# predict-epochs-checks 0 of 2
# predict-epochs-hidden 0 of 2


# %% answer predict-epochs
def predict_epochs(start_loss, target, lr, eigenvalue):
    return max(0, math.ceil(math.log(target / start_loss) / math.log(abs(1 - lr * eigenvalue))))
