"""The rate is halved in every epoch, and what the first epochs did wrong stays."""

# %% marks
# learning-rates-checks 0 of 1
# learning-rates-hidden 0 of 2


# %% answer learning-rates
def learning_rates(num_epochs):
    return [0.1 * 0.5**epoch for epoch in range(num_epochs)]
