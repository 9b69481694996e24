"""The outer product of the gradient with itself stands in for the Hessian matrix."""

# %% marks
# hessian-checks 0 of 2
# hessian-hidden 0 of 3
# hvp-checks 0 of 3
# hvp-hidden 0 of 3


# %% answer hessian
def hessian(loss_fn, params):
    params = params.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params)
    return torch.outer(gradient, gradient)


# %% answer hvp
def hvp(loss_fn, params, v):
    params = params.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(params), params)
    return gradient * (gradient @ v)
