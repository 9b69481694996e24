"""The variances stand the wrong way round."""

# %% marks
# efficiency-checks 0 of 2
# efficiency-hidden 0 of 2


# %% answer efficiency
def efficiency(labels):
    return (labels.median(1).values.var() / labels.mean(1).var()).item()
