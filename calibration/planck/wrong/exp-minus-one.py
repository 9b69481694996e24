"""radiance subtracts 1 from the exponential, as the formula is written."""

# %% marks
# radiance-checks 1 of 2
# radiance-hidden 2 of 3


# %% answer radiance
def radiance(lam_um, T):
    c1, c2 = 2 * h * c**2 * 1e24, h * c / k * 1e6
    return c1 / lam_um**5 / (torch.exp(c2 / (lam_um * T)) - 1)
