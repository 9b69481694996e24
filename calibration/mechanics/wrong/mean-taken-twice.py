"""grad_fn takes the mean of terms that are divided by n already."""

# %% marks
# gradient-checks 1 of 2
# gradient-hidden 2 of 3
# training-loop-checks 2 of 4
# training-loop-hidden 2 of 3
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer gradient
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w, b)
    return torch.stack([dloss_dw.mean(), dloss_db.mean()])
