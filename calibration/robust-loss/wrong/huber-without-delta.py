"""The linear branch has the slope 1 instead of delta."""

# %% marks
# huber-loss-checks 2 of 3
# huber-loss-hidden 1 of 3


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    size = (y_hat - y.reshape(y_hat.shape)).abs()
    return torch.where(size <= delta, size**2 / 2, size - delta / 2)
