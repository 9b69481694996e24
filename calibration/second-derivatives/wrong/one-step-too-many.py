"""The gradient is looked at after each step only, so even the minimum costs a step."""

# %% marks
# minimize-hidden 2 of 3


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    for num_steps in range(1, max_steps + 1):
        gradient = torch.func.grad(loss_fn)(params)
        step = -torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
        while loss_fn(params + step) > loss_fn(params):
            step = step / 2
        params = params + step
        if torch.func.grad(loss_fn)(params).abs().max() <= tol:
            return params, num_steps
    return params, max_steps
