"""Newton's method without halving: full steps fly away from the pseudo-Huber loss."""

# %% marks
# minimize-checks 1 of 3
# minimize-hidden 1 of 3


# %% answer minimize
def minimize(loss_fn, params, tol=1e-6, max_steps=30):
    for num_steps in range(max_steps):
        gradient = torch.func.grad(loss_fn)(params)
        if gradient.abs().max() <= tol:
            return params, num_steps
        params = params - torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
    return params, max_steps
