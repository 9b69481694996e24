"""overflow_wavelength returns metres, and x in radiance is computed with µm as if they were metres."""

# %% marks
# radiance-checks 1 of 2
# radiance-hidden 1 of 3
# overflow-checks 0 of 1
# overflow-hidden 0 of 1


# %% answer radiance
def radiance(lam_um, T):
    return 2 * h * c**2 / lam_um**5 / torch.expm1(h * c / (lam_um * k * T))


# %% answer overflow
def overflow_wavelength(T):
    return h * c / (k * T * math.log(torch.finfo(torch.float32).max))
