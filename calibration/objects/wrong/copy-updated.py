"""step gives the name param to a new tensor; the parameter itself never changes."""

# %% marks
# optimizer-checks 1 of 2
# optimizer-hidden 0 of 2
# epochs-checks 1 of 2
# epochs-hidden 1 of 2


# %% answer optimizer
class SGD:
    """Minibatch stochastic gradient descent."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def step(self):
        """Take one step against the gradients, in place."""
        with torch.no_grad():
            for param in self.params:
                if param.grad is not None:
                    param = param - self.lr * param.grad

    def zero_grad(self):
        """Clear the gradients, ready for the next backward()."""
        for param in self.params:
            if param.grad is not None:
                param.grad.zero_()
