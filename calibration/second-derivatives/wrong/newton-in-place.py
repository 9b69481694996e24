"""Newton's step is right, but it overwrites the parameters that were passed."""

# %% marks
# newton-step-hidden 2 of 3


# %% answer newton-step
def newton_step(loss_fn, params):
    gradient = torch.func.grad(loss_fn)(params)
    params -= torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
    return params
