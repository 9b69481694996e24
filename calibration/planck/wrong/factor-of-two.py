"""radiance lacks the factor 2."""

# %% marks
# radiance-checks 1 of 2
# radiance-hidden 2 of 3


# %% answer radiance
def radiance(lam_um, T):
    c1, c2 = h * c**2 * 1e24, h * c / k * 1e6
    return c1 / lam_um**5 / torch.expm1(c2 / (lam_um * T))
