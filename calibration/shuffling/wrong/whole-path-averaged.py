"""The average goes over the whole path, with the long way from the start in it."""

# %% marks
# average-checks 0 of 1
# average-hidden 0 of 2


# %% answer average
def average_last_epoch(path, num_batches):
    return path.mean(0)
