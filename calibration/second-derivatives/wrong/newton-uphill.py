"""Newton's step has the wrong sign."""

# %% marks
# newton-step-checks 0 of 2
# newton-step-hidden 0 of 3


# %% answer newton-step
def newton_step(loss_fn, params):
    gradient = torch.func.grad(loss_fn)(params)
    return params + torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
