"""The Hessian matrix by hand leaves the bias out."""

# %% marks
# linreg-hessian-checks 0 of 2
# linreg-hessian-hidden 0 of 2


# %% answer linreg-hessian
def linreg_hessian(features):
    return features.T @ features / len(features)
