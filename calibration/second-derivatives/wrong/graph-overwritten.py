"""The step under no_grad comes first: the step is made, and then PyTorch refuses."""

# %% marks
# step-and-curvature-checks 0 of 2
# step-and-curvature-hidden 0 of 3


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    g = gradient.detach()
    with torch.no_grad():
        params -= lr * g
    (Hg,) = torch.autograd.grad(gradient @ g, params)
    return g @ Hg / (g @ g)
