"""The Hessian matrix is that of the sum of the losses; its condition number is the same."""

# %% marks
# curvature-checks 2 of 3
# curvature-hidden 2 of 3


# %% answer curvature
def curvature(x, X, a, b):
    def loss(params):
        return squared_loss(params[0] / (params[1] + x), X).sum()

    at = torch.tensor([a, b], dtype=x.dtype)
    smallest, largest = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, at)).tolist()
    condition = largest / smallest
    return 2 / largest, condition, math.log(0.01) / math.log1p(-1 / condition)
