"""efficiency takes each column for a dataset."""

# %% marks
# efficiency-checks 0 of 2
# efficiency-hidden 0 of 2


# %% answer efficiency
def efficiency(labels):
    return (labels.mean(0).var() / labels.median(0).values.var()).item()
