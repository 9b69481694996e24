"""absolute_loss returns the residual with its sign, so a line far too low has the least loss."""

# %% marks
# absolute-loss-checks 0 of 1
# absolute-loss-hidden 0 of 2
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer absolute-loss
def absolute_loss(y_hat, y):
    return y_hat - y.reshape(y_hat.shape)
