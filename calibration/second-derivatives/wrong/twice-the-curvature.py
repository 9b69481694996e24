"""Both factors of g @ g depend on the parameters, so the product rule doubles the curvature."""

# %% marks
# step-and-curvature-checks 1 of 2
# step-and-curvature-hidden 1 of 3


# %% answer step-and-curvature
def step_and_curvature(loss_fn, params, lr):
    (g,) = torch.autograd.grad(loss_fn(params), params, create_graph=True)
    (Hg,) = torch.autograd.grad(g @ g, params, retain_graph=True)
    with torch.no_grad():
        params -= lr * g
    return (g @ Hg / (g @ g)).item()
