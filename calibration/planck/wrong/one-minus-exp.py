"""log_radiance does not overflow, but it loses its digits where x is small."""

# %% marks
# log-radiance-checks 2 of 3
# log-radiance-hidden 2 of 3


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = h * c / k * 1e6 / (lam_um * T)
    log_c1 = math.log(2 * h * c**2 * 1e24)
    return log_c1 - 5 * torch.log(lam_um) - x - torch.log(1 - torch.exp(-x))
