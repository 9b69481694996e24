"""The learning rate stays at 0.03."""

# %% marks
# rate-checks 0 of 1
# rate-hidden 0 of 1

# %% answer rate
lr_for_three_epochs = 0.03
