"""The chain rule without the derivative of the model: both components are the same."""

# %% marks
# gradient-checks 0 of 2
# gradient-hidden 0 of 3
# training-loop-checks 2 of 4
# training-loop-hidden 1 of 3
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer gradient
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([dloss_dtp.sum(), dloss_dtp.sum()])
