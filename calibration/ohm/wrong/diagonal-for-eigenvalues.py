"""The two second derivatives on the diagonal stand in for the eigenvalues."""

# %% marks
# curvature-checks 1 of 3
# curvature-hidden 2 of 3


# %% answer curvature
def curvature(x, X, a, b):
    def loss(params):
        return squared_loss(params[0] / (params[1] + x), X).mean()

    at = torch.tensor([a, b], dtype=x.dtype)
    diagonal = torch.autograd.functional.hessian(loss, at).diagonal()
    condition = (diagonal.max() / diagonal.min()).item()
    return 2 / diagonal.max().item(), condition, math.log(0.01) / math.log1p(-1 / condition)
