"""sgd changes a new tensor instead of the parameter."""

# %% marks
# sgd-checks 0 of 2
# sgd-hidden 0 of 3
# train-checks 1 of 3
# train-hidden 0 of 4
# recover-checks 0 of 2
# recover-hidden 0 of 4


# %% answer sgd
def sgd(params, lr, batch_size):
    for param in params:
        param = param - lr * param.grad / batch_size
