"""backward() and .grad, on copies whose gradients are cleared."""


# %% answer second-derivative
def derivatives(f, x):
    x = torch.tensor(float(x), dtype=x.dtype, requires_grad=True)
    f(x).backward(create_graph=True)
    first, x.grad = x.grad, None
    if first.grad_fn is None:
        return first.item(), 0.0
    first.backward()
    return first.item(), x.grad.item()


# %% answer hessian
def hessian(loss_fn, params):
    params = params.detach().clone().requires_grad_()
    loss_fn(params).backward(create_graph=True)
    gradient, H = params.grad, torch.empty(len(params), len(params), dtype=params.dtype)
    for i in range(len(params)):
        params.grad = None
        gradient[i].backward(retain_graph=True)
        H[:, i] = params.grad
    return H


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    copy = params.detach().clone().requires_grad_()
    loss_fn(copy).backward(create_graph=True)
    gradient, copy.grad = copy.grad, None
    (gradient @ gradient).backward()
    g, Hg = gradient.detach(), copy.grad / 2
    with torch.no_grad():
        params.copy_(params - lr * g)
    return g.dot(Hg) / g.dot(g)


# %% answer hvp
def hvp(loss_fn, params, v):
    params = params.detach().clone().requires_grad_()
    loss_fn(params).backward(create_graph=True)
    gradient, params.grad = params.grad, None
    gradient.backward(v)
    return params.grad


# %% answer newton-step
def newton_step(loss_fn, params):
    H = hessian(loss_fn, params)
    copy = params.detach().clone().requires_grad_()
    loss_fn(copy).backward()
    return params + torch.linalg.lstsq(H, -copy.grad[:, None], driver="gelsd").solution[:, 0]
