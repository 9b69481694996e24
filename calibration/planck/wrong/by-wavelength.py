"""intensity is per unit of wavelength, with the fifth power of the wavenumber."""

# %% marks
# intensity-checks 1 of 2
# intensity-hidden 1 of 2
# fit-background-checks 0 of 3
# fit-background-hidden 0 of 4
# uncertainty-checks 0 of 2
# uncertainty-hidden 1 of 3


# %% answer intensity
def intensity(wavenumber, T):
    lam_um = 10_000 / wavenumber
    return radiance(lam_um, T) * 1e12
