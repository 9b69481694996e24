"""fit_temperature squares residuals of the radiance itself, which are huge for hot bodies."""

# %% marks
# fit-temperature-checks 0 of 3
# fit-temperature-hidden 0 of 4


# %% answer fit-temperature
def fit_temperature(lam_um, B):
    log_T = torch.tensor(math.log(3000.0), dtype=B.dtype, requires_grad=True)
    for _ in range(160):
        ((log_radiance(lam_um, log_T.exp()).exp() - B) ** 2 / 2).mean().backward()
        with torch.no_grad():
            log_T -= 0.03 * log_T.grad
            log_T.grad.zero_()
    return math.exp(log_T.item())
