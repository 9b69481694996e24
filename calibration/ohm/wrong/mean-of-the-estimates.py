"""Each reading gives an estimate of a, and profile takes their mean."""

# %% marks
# profile-checks 0 of 2
# profile-hidden 0 of 2


# %% answer profile
def profile(x, X, b):
    a = (X * (b + x)).mean()
    return a, (X - a / (b + x)).square().mean().sqrt()
