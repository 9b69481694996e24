"""fit_line ignores the loss that it is given, and the telephone calls get the squared loss."""

# %% marks
# fit-line-checks 2 of 4
# fit-line-hidden 1 of 4
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer fit-line
def fit_line(x, y, loss):
    return least_squares(x, y)
