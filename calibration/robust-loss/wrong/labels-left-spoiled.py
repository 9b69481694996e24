"""shift gives the right numbers but leaves the spoiled label in y."""

# %% marks
# shift-hidden 1 of 2


# %% answer shift
def shift(fit, x, y, i, label):
    w_before, b_before = fit(x, y)
    y[i] = label
    w_after, b_after = fit(x, y)
    return w_after - w_before, b_after - b_before
