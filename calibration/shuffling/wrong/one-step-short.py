"""The average leaves out a step of the last epoch."""

# %% marks
# average-checks 0 of 1
# average-hidden 1 of 2


# %% answer average
def average_last_epoch(path, num_batches):
    return path[-num_batches + 1 :].mean(0)
