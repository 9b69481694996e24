"""backward() adds the rows of the Hessian matrix to .grad, on top of one another."""

# %% marks
# hessian-checks 0 of 2
# hessian-hidden 0 of 3


# %% answer hessian
def hessian(loss_fn, params):
    params.requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    rows = []
    for entry in gradient:
        entry.backward(retain_graph=True)
        rows.append(params.grad.clone())
    return torch.stack(rows)
