"""radiance takes the wavelength in µm but returns the power per metre of wavelength."""

# %% marks
# radiance-checks 1 of 2
# radiance-hidden 2 of 3


# %% answer radiance
def radiance(lam_um, T):
    lam = lam_um * 1e-6
    return 2 * h * c**2 / lam**5 / torch.expm1(h * c / (lam * k * T))
