"""Blocks instead of a column of ones, a gradient of a directional derivative, a recursion."""


# %% answer linreg-hessian
def linreg_hessian(features):
    n, d = features.shape
    H = torch.ones(d + 1, d + 1, dtype=features.dtype)
    H[:d, :d] = torch.einsum("ni,nj->ij", features, features) / n
    H[:d, d] = H[d, :d] = features.mean(0)
    return H


# %% answer hessian
def hessian(loss_fn, params):
    def column(v):
        return torch.func.jvp(torch.func.grad(loss_fn), (params,), (v,))[1]

    return torch.stack([column(v) for v in torch.eye(len(params), dtype=params.dtype)], 1)


# %% answer hvp
def hvp(loss_fn, params, v):
    def slope(params):
        return torch.func.jvp(loss_fn, (params,), (v,))[1]

    return torch.func.grad(slope)(params)


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    g = torch.func.grad(loss_fn)(params)
    if max_steps == 0 or bool((g.abs() <= tol).all()):
        return params, 0
    factor = torch.linalg.cholesky(torch.func.hessian(loss_fn)(params))
    step = torch.cholesky_solve(g[:, None], factor)[:, 0]
    halvings = 0
    while loss_fn(params - step / 2**halvings) > loss_fn(params):
        halvings += 1
    end, steps = minimize(loss_fn, params - step / 2**halvings, tol, max_steps - 1)
    return end, steps + 1
