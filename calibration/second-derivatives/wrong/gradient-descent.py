"""Gradient descent with halving, in place of Newton's method."""

# %% marks
# minimize-checks 0 of 3
# minimize-hidden 0 of 3


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    for num_steps in range(max_steps):
        gradient = torch.func.grad(loss_fn)(params)
        if gradient.abs().max() <= tol:
            return params, num_steps
        step = -gradient
        while loss_fn(params + step) > loss_fn(params):
            step = step / 2
        params = params + step
    return params, max_steps
