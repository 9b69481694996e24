"""No matrix is stored, but there is a backward pass for each of its rows."""

# %% marks
# hvp-checks 2 of 3
# hvp-hidden 2 of 3


# %% answer hvp
def hvp(loss_fn, params, v):
    params = params.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    rows = (torch.autograd.grad(g, params, retain_graph=True)[0] for g in gradient)
    return torch.stack([row @ v for row in rows])
