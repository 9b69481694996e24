"""The limit is taken for 1 / λ_max, and the offset shrinks by 1 - 2/κ in each step."""

# %% marks
# curvature-checks 1 of 3
# curvature-hidden 1 of 3


# %% answer curvature
def curvature(x, X, a, b):
    def loss(params):
        return squared_loss(params[0] / (params[1] + x), X).mean()

    at = torch.tensor([a, b], dtype=x.dtype)
    smallest, largest = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, at)).tolist()
    condition = largest / smallest
    return 1 / largest, condition, math.log(0.01) / math.log1p(-2 / condition)
