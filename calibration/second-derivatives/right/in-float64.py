"""Everything in float64, the matrix by hand entry by entry, the product by functional.vhp."""


# %% answer linreg-hessian
def linreg_hessian(features):
    columns = [*features.double().T, torch.ones(len(features), dtype=torch.float64)]
    return torch.tensor([[float((a * b).mean()) for b in columns] for a in columns])


# %% answer hessian
def hessian(loss_fn, params):
    return torch.autograd.functional.hessian(loss_fn, params.detach().double())


# %% answer hvp
def hvp(loss_fn, params, v):
    return torch.autograd.functional.vhp(loss_fn, params.detach().double(), v.double())[1]


# %% answer newton-step
def newton_step(loss_fn, params):
    params = params.detach().double()
    g = torch.autograd.functional.jacobian(loss_fn, params)
    values, vectors = torch.linalg.eigh(hessian(loss_fn, params))
    return params - vectors @ ((vectors.T @ g) / values)
