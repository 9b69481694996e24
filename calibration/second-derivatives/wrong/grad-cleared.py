"""The Hessian matrix is right, but what .grad held before is lost."""

# %% marks
# hessian-checks 1 of 2


# %% answer hessian
def hessian(loss_fn, params):
    params.requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    rows = []
    for entry in gradient:
        params.grad = None
        entry.backward(retain_graph=True)
        rows.append(params.grad)
    params.grad = None
    return torch.stack(rows)
