"""profile returns the mean squared residual."""

# %% marks
# profile-checks 1 of 2
# profile-hidden 1 of 2


# %% answer profile
def profile(x, X, b):
    z = 1 / (b + x)
    a = (z @ X) / (z @ z)
    return a, ((X - a * z) ** 2).mean()
