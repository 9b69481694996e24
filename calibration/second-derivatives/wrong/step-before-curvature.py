"""The step through .data comes first, so the second derivative uses the new numbers."""

# %% marks
# step-and-curvature-checks 1 of 2
# step-and-curvature-hidden 1 of 3


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    (gradient,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    g = gradient.detach()
    params.data -= lr * g
    (Hg,) = torch.autograd.grad(gradient @ g, params)
    return g @ Hg / (g @ g)
