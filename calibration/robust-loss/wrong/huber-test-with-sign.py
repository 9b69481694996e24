"""The residual itself is compared with delta, so large negative residuals count as small."""

# %% marks
# huber-loss-checks 2 of 3
# huber-loss-hidden 1 of 3


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    residual = y_hat - y.reshape(y_hat.shape)
    linear = delta * (residual.abs() - delta / 2)
    return torch.where(residual <= delta, residual**2 / 2, linear)
