"""500 epochs at a rate of 0.01: the intercept is still on its way, and the slope with it."""

# %% marks
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer fit
def fit(t_u, t_c):
    w, b = training_loop(500, 1e-2, torch.tensor([1.0, 0.0]), 0.1 * t_u, t_c, print_detail=False)
    return 0.1 * w, b
