"""A small learning rate from the beginning: training does not arrive."""

# %% marks
# learning-rates-checks 0 of 1
# learning-rates-hidden 0 of 2


# %% answer learning-rates
def learning_rates(num_epochs):
    return [0.002] * num_epochs
