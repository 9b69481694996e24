"""intensity returns kJy/sr instead of MJy/sr."""

# %% marks
# intensity-checks 1 of 2
# intensity-hidden 1 of 2
# fit-background-checks 0 of 3
# fit-background-hidden 0 of 4
# uncertainty-checks 0 of 2
# uncertainty-hidden 1 of 3


# %% answer intensity
def intensity(wavenumber, T):
    nu = 100 * c * wavenumber
    return 1e23 * 2 * h * nu**3 / c**2 / torch.expm1(h * nu / (k * T))
