"""fit scales by 0.1 whatever the readings are, with the rate and the epochs of Question 4."""

# %% marks
# fit-hidden 2 of 3


# %% answer fit
def fit(t_u, t_c):
    w, b = training_loop(5000, 1e-2, torch.tensor([1.0, 0.0]), 0.1 * t_u, t_c, print_detail=False)
    return 0.1 * w, b
