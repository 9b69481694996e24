"""Only the second derivative of each parameter by itself, in the matrix and in the product."""

# %% marks
# hessian-checks 0 of 2
# hessian-hidden 1 of 3
# hvp-checks 0 of 3
# hvp-hidden 0 of 3


# %% answer hessian
def hessian(loss_fn, params):
    params = params.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    diagonal = [
        torch.autograd.grad(gradient[i], params, retain_graph=True)[0][i]
        for i in range(len(params))
    ]
    return torch.diag(torch.stack(diagonal))


# %% answer hvp
def hvp(loss_fn, params, v):
    return torch.diag(torch.func.hessian(loss_fn)(params)) * v
