"""Newton's method is right, but it overwrites the parameters that were passed."""

# %% marks
# minimize-hidden 2 of 3


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    for num_steps in range(max_steps):
        gradient = torch.func.grad(loss_fn)(params)
        if gradient.abs().max() <= tol:
            return params, num_steps
        step = -torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
        while loss_fn(params + step) > loss_fn(params):
            step = step / 2
        params += step
    return params, max_steps
