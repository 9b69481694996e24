"""fit_temperature has a learning rate that suits 1000 K and diverges at 300 K."""

# %% marks
# fit-temperature-checks 2 of 3
# fit-temperature-hidden 3 of 4


# %% answer fit-temperature
def fit_temperature(lam_um, B):
    log_T = torch.tensor(math.log(1000.0), dtype=B.dtype, requires_grad=True)
    for _ in range(160):
        ((log_radiance(lam_um, log_T.exp()) - torch.log(B)) ** 2 / 2).mean().backward()
        with torch.no_grad():
            log_T -= 0.15 * log_T.grad
            log_T.grad.zero_()
    return math.exp(log_T.item())
