"""absolute_loss and the sum inside pull are means over the examples."""

# %% marks
# absolute-loss-checks 0 of 1
# absolute-loss-hidden 0 of 2
# pull-checks 1 of 2
# pull-hidden 0 of 2
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer absolute-loss
def absolute_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)).abs().mean()


# %% answer pull
def pull(loss, y_hat, y):
    y_hat = y_hat.detach().clone().requires_grad_()
    loss(y_hat, y).mean().backward()
    return y_hat.grad
