"""The quadratic branch misses its factor 1/2."""

# %% marks
# huber-loss-checks 2 of 3
# huber-loss-hidden 0 of 3


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    size = (y_hat - y.reshape(y_hat.shape)).abs()
    return torch.where(size <= delta, size**2, delta * (size - delta / 2))
