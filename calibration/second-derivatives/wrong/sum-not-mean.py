"""The Hessian matrix by hand is that of the sum of the losses: the factor 1/n is missing."""

# %% marks
# linreg-hessian-checks 1 of 2
# linreg-hessian-hidden 1 of 2


# %% answer linreg-hessian
def linreg_hessian(features):
    A = torch.cat([features, torch.ones(len(features), 1)], 1)
    return A.T @ A
