"""fit returns the slope for the scaled input."""

# %% marks
# fit-checks 1 of 2
# fit-hidden 1 of 3


# %% answer fit
def fit(t_u, t_c):
    scale = 1 / t_u.max()
    w, b = training_loop(600, 0.5, torch.tensor([1.0, 0.0]), scale * t_u, t_c, print_detail=False)
    return w, b
