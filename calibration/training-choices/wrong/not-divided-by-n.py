"""The Hessian matrix of the sum of the losses, not of their mean."""

# %% marks
# stable-lr-checks 1 of 3
# stable-lr-hidden 0 of 3


# %% answer stable-lr
def largest_eigenvalue(features):
    A = torch.cat([features, torch.ones(len(features), 1)], dim=1)
    return torch.linalg.eigvalsh(A.T @ A).max()


def largest_stable_lr(features):
    return 2 / largest_eigenvalue(features)
