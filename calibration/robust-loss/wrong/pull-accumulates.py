"""pull uses the tensor that it was given, so a second call adds to the first."""

# %% marks
# pull-checks 1 of 2


# %% answer pull
def pull(loss, y_hat, y):
    y_hat.requires_grad_()
    loss(y_hat, y).sum().backward()
    return y_hat.grad
