"""loss_fn adds the squares and takes no mean."""

# %% marks
# model-checks 1 of 2
# model-hidden 1 of 2


# %% answer model
def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).sum()
