"""The average goes over the ends of the epochs, which are all wrong in the same way."""

# %% marks
# average-checks 0 of 1
# average-hidden 0 of 2


# %% answer average
def average_last_epoch(path, num_batches):
    return path[num_batches - 1 :: num_batches].mean(0)
