"""intensity forgets the factor 100 between 1/cm and 1/m."""

# %% marks
# intensity-checks 0 of 2
# intensity-hidden 0 of 2
# fit-background-checks 0 of 3
# fit-background-hidden 0 of 4
# uncertainty-checks 0 of 2
# uncertainty-hidden 1 of 3


# %% answer intensity
def intensity(wavenumber, T):
    nu = c * wavenumber
    return 1e20 * 2 * h * nu**3 / c**2 / torch.expm1(h * nu / (k * T))
