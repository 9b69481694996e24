"""The labels are sorted the wrong way round, so the error has the wrong sign."""

# %% marks
# sorted-labels-checks 0 of 2
# sorted-labels-hidden 0 of 3


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    means = labels.flatten().sort(descending=True).values.reshape(-1, batch_size).mean(1)
    b = 0.0
    for mean in means:
        b = b - lr * (b - mean)
    return b / (1 - (1 - lr) ** len(means)) - labels.mean()
