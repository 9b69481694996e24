"""sorted_error stops after one epoch from zero, as if the start did not matter."""

# %% marks
# sorted-labels-checks 0 of 2
# sorted-labels-hidden 1 of 3


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    b = 0.0
    for mean in labels.flatten().sort().values.reshape(-1, batch_size).mean(1):
        b = b - lr * (b - mean)
    return b - labels.mean()
