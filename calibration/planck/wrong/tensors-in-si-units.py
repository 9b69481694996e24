"""log_radiance has λkT as a tensor in SI units: right values, but its derivative overflows."""

# %% marks
# log-radiance-checks 2 of 3
# log-radiance-hidden 2 of 3
# fit-temperature-checks 0 of 3
# fit-temperature-hidden 0 of 4


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = h * c / (lam_um * 1e-6 * k * T)
    log_c1 = math.log(2 * h * c**2 * 1e24)
    return log_c1 - 5 * torch.log(lam_um) - x - torch.log(-torch.expm1(-x))
