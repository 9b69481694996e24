"""absolute_loss and huber_loss subtract labels of another shape than the predictions."""

# %% marks
# absolute-loss-hidden 0 of 2
# huber-loss-hidden 2 of 3
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer absolute-loss
def absolute_loss(y_hat, y):
    return (y_hat - y).abs()


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    size = (y_hat - y).abs()
    return torch.where(size <= delta, size**2 / 2, delta * (size - delta / 2))
