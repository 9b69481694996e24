"""log_radiance has the fourth power of the wavelength, and so the fit is off as well."""

# %% marks
# log-radiance-checks 2 of 3
# log-radiance-hidden 1 of 3
# fit-temperature-checks 0 of 3
# fit-temperature-hidden 0 of 4


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = h * c / k * 1e6 / (lam_um * T)
    log_c1 = math.log(2 * h * c**2 * 1e24)
    return log_c1 - 4 * torch.log(lam_um) - x - torch.log(-torch.expm1(-x))
