"""dmodel_dw and dmodel_db return the parameters: the derivative by the reading, and a constant."""

# %% marks
# derivatives-checks 1 of 2
# derivatives-hidden 2 of 3
# gradient-checks 0 of 2
# gradient-hidden 0 of 3
# training-loop-checks 2 of 4
# training-loop-hidden 1 of 3
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer derivatives
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / len(t_p)


def dmodel_dw(t_u, w, b):
    return w * torch.ones_like(t_u)


def dmodel_db(t_u, w, b):
    return b * torch.ones_like(t_u)
