"""The chapter's formula is copied; it is for a loss with the factor 1/2."""

# %% marks
# largest-rate-checks 0 of 2
# largest-rate-hidden 0 of 3


# %% answer largest-rate
def largest_rate(t_u):
    X = torch.stack([t_u, torch.ones_like(t_u)], 1)
    return 2 / torch.linalg.eigvalsh(X.T @ X / len(X)).max()
