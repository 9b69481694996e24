"""The rate that arrives in one step, 1/λ, is taken for the limit, 2/λ."""

# %% marks
# stable-lr-checks 2 of 3
# stable-lr-hidden 2 of 3


# %% answer stable-lr
def largest_eigenvalue(features):
    A = torch.cat([features, torch.ones(len(features), 1)], dim=1)
    return torch.linalg.eigvalsh(A.T @ A / len(A)).max()


def largest_stable_lr(features):
    return 1 / largest_eigenvalue(features)
