"""The bias is added to every product of a feature and its weight, before they are summed."""

# %% marks
# linreg-checks 0 of 1
# linreg-hidden 0 of 2
# train-checks 1 of 3
# train-hidden 2 of 4
# recover-checks 0 of 2
# recover-hidden 0 of 4


# %% answer linreg
def linreg(X, w, b):
    return (X * w.reshape(-1) + b).sum(1, keepdim=True)
