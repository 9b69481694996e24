"""A learning rate so large that training diverges."""

# %% marks
# rate-checks 0 of 1
# rate-hidden 0 of 1

# %% answer rate
lr_for_three_epochs = 3.0
