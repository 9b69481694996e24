"""log_radiance is the logarithm of a radiance that has already become 0."""

# %% marks
# log-radiance-checks 1 of 3
# log-radiance-hidden 1 of 3


# %% answer log-radiance
def log_radiance(lam_um, T):
    return torch.log(radiance(lam_um, T))
