"""The square is differentiated without its factor of 2."""

# %% marks
# derivatives-checks 1 of 2
# derivatives-hidden 2 of 3
# gradient-checks 1 of 2
# gradient-hidden 2 of 3
# training-loop-checks 3 of 4
# training-loop-hidden 2 of 3


# %% answer derivatives
def dloss_fn(t_p, t_c):
    return (t_p - t_c) / len(t_p)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u)
