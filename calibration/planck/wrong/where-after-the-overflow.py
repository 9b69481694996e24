"""log_radiance chooses the right branch, but the other one overflows: its derivative is NaN."""

# %% marks
# log-radiance-checks 2 of 3
# log-radiance-hidden 2 of 3


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = h * c / k * 1e6 / (lam_um * T)
    log_expm1 = torch.where(x > 20, x, torch.log(torch.expm1(x)))
    return math.log(2 * h * c**2 * 1e24) - 5 * torch.log(lam_um) - log_expm1
