"""shift writes the label into y itself, which has no copy: both fits see the spoiled labels."""

# %% marks
# shift-checks 0 of 1
# shift-hidden 0 of 2


# %% answer shift
def shift(fit, x, y, i, label):
    spoiled = y
    spoiled[i] = label
    (w_before, b_before), (w_after, b_after) = fit(x, y), fit(x, spoiled)
    return w_after - w_before, b_after - b_before
