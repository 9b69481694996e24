"""torch.func everywhere: derivatives of functions instead of graphs."""


# %% answer second-derivative
def derivatives(f, x):
    first = torch.func.grad(f)
    return first(x), torch.func.grad(first)(x)


# %% answer hessian
def hessian(loss_fn, params):
    return torch.func.hessian(loss_fn)(params)


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    here = params.detach().clone()
    g = torch.func.grad(loss_fn)(here)
    _, Hg = torch.func.jvp(torch.func.grad(loss_fn), (here,), (g,))
    params.data.sub_(g, alpha=lr)
    return float(g @ Hg) / float(g @ g)


# %% answer hvp
def hvp(loss_fn, params, v):
    return torch.func.jvp(torch.func.grad(loss_fn), (params,), (v,))[1]


# %% answer newton-step
def newton_step(loss_fn, params):
    g, H = torch.func.grad(loss_fn)(params), torch.func.hessian(loss_fn)(params)
    return params - torch.linalg.inv(H) @ g


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    steps = 0
    while steps < max_steps and torch.func.grad(loss_fn)(params).abs().max() > tol:
        full = newton_step(loss_fn, params) - params
        fraction = 1.0
        while loss_fn(params + fraction * full) > loss_fn(params):
            fraction /= 2
        params = params + fraction * full
        steps += 1
    return params, steps
