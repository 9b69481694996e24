"""Newton's step is scaled by a learning rate."""

# %% marks
# newton-step-checks 0 of 2
# newton-step-hidden 0 of 3


# %% answer newton-step
def newton_step(loss_fn, params, lr=0.1):
    gradient = torch.func.grad(loss_fn)(params)
    return params - lr * torch.linalg.solve(torch.func.hessian(loss_fn)(params), gradient)
