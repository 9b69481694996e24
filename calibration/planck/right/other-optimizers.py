"""The optimizers of PyTorch, and quotients of differences instead of derivatives."""


# %% answer radiance
def radiance(lam_um, T):
    x = 14387.768775 / lam_um / T
    return torch.exp(18.5954916 - 5 * lam_um.log() - x - (-torch.special.expm1(-x)).log())


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = 14387.768775 / lam_um / T
    return 18.5954916 - 5 * lam_um.log() - x - (-torch.special.expm1(-x)).log()


# %% answer overflow
def overflow_wavelength(T):
    low, high = 1e-3, 1e5
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        x = torch.tensor(h * c / (middle * 1e-6 * k * T), dtype=torch.float32)
        low, high = (low, middle) if torch.isfinite(x.exp()) else (middle, high)
    return high


# %% answer fit-temperature
def fit_temperature(lam_um, B):
    log_T = torch.nn.Parameter(torch.tensor(7.0))
    optimizer = torch.optim.Adam([log_T], lr=0.1)
    for step in range(200):
        optimizer.zero_grad()
        loss = (log_radiance(lam_um, log_T.exp()) - B.log()).abs().mean()
        loss.backward()
        optimizer.param_groups[0]["lr"] = 0.1 * 0.97**step
        optimizer.step()
    return log_T.exp().detach().numpy()


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    T = torch.tensor(3.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([T], max_iter=50, line_search_fn="strong_wolfe")
    weights = (sigma_kJy.min() / sigma_kJy) ** 2 / measured.max() ** 2

    def closure():
        optimizer.zero_grad()
        loss = (weights * (intensity(wavenumber, T) - measured) ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return T.detach()


# %% answer uncertainty
def chi_squared_per_dof(wavenumber, measured, sigma_kJy, T):
    residuals = (intensity(wavenumber, T) - measured) / (sigma_kJy / 1000)
    return (residuals**2).sum().item() / (len(measured) - 1)


def temperature_uncertainty(wavenumber, sigma_kJy, T):
    slopes = (intensity(wavenumber, T + 0.005) - intensity(wavenumber, T - 0.005)) / 0.01
    return ((slopes / (sigma_kJy / 1000)) ** 2).sum().item() ** -0.5
