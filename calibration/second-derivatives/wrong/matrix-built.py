"""The product is right, but the whole Hessian matrix is built for it."""

# %% marks
# hvp-checks 2 of 3
# hvp-hidden 2 of 3


# %% answer hvp
def hvp(loss_fn, params, v):
    return torch.func.hessian(loss_fn)(params) @ v
