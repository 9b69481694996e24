"""backward() is used and .grad is not cleared, so the second call sees two gradients."""

# %% marks
# step-and-curvature-hidden 2 of 3


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    loss_fn(params).backward(retain_graph=True)
    g = params.grad
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    (Hg,) = torch.autograd.grad(gradient @ g, params)
    with torch.no_grad():
        params -= lr * g
    return g @ Hg / (g @ g)
