"""The line is forced through zero, so the resistance takes in the offset of the voltmeter."""

# %% marks
# resistance-checks 0 of 3
# resistance-hidden 0 of 4


# %% answer resistance
def fit_resistance(current, voltage):
    return 1000 * (current * voltage).sum() / (current * current).sum(), 0.0
