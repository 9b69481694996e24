"""The graph is kept, but a straight line raises an error, and x itself gets a new .grad."""

# %% marks
# second-derivative-checks 1 of 2
# second-derivative-hidden 1 of 3


# %% answer second-derivative
def derivatives(f, x):
    x.requires_grad_()
    x.grad = None
    f(x).backward(create_graph=True)
    first = x.grad
    (second,) = torch.autograd.grad(first, x)
    return first.detach(), second
