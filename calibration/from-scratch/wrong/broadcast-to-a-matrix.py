"""squared_loss subtracts labels of shape (n,) from predictions of shape (n, 1)."""

# %% marks
# squared-loss-checks 1 of 2
# squared-loss-hidden 0 of 2


# %% answer squared-loss
def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2
