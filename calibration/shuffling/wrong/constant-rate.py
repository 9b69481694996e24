"""A learning rate of a tenth throughout: too large at the end."""

# %% marks
# learning-rates-checks 0 of 1
# learning-rates-hidden 0 of 2


# %% answer learning-rates
def learning_rates(num_epochs):
    return [0.01] * num_epochs
