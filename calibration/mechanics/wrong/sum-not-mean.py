"""dloss_fn is the derivative of the sum of the squares, not of their mean."""

# %% marks
# derivatives-checks 1 of 2
# derivatives-hidden 2 of 3
# gradient-checks 1 of 2
# gradient-hidden 2 of 3
# training-loop-checks 2 of 4
# training-loop-hidden 2 of 3
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer derivatives
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u)
