"""SI units where float32 bears them, tensors as results, Gauss-Newton, second derivatives."""


# %% answer radiance
def radiance(lam_um, T):
    lam = lam_um * 1e-6
    return 1e-6 * (2 * h * c * c) / lam.pow(5) / torch.special.expm1(h * c / (k * lam * T))


# %% answer overflow
def overflow_wavelength(T):
    x = torch.tensor(torch.finfo(torch.float32).max).log()
    return torch.tensor([h * c / (k * T) * 1e6]) / x


# %% answer log-radiance
def log_radiance(lam_um, T):
    x = h * c / k / (lam_um * 1e-6 * T)
    # The clamp keeps the branch that is not chosen finite.
    log_expm1 = torch.where(x > 20, x, torch.log(torch.expm1(x.clamp(max=20))))
    return math.log(2e-6 * h * c**2) - 5 * torch.log(lam_um * 1e-6) - log_expm1


# %% answer fit-temperature
def fit_temperature(lam_um, B):
    log_T = torch.tensor([6.0], dtype=B.dtype)
    for _ in range(60):
        predicted, slopes = torch.func.jvp(
            lambda log_T: log_radiance(lam_um, log_T.exp()), (log_T,), (torch.ones_like(log_T),)
        )
        log_T -= 0.5 * (slopes * (predicted - B.log())).mean() / (slopes**2).mean()
    return log_T.exp()


# %% answer intensity
def intensity(wavenumber, T):
    nu = wavenumber * 100 * c
    return 2 * (h * nu / c) * (nu / c) * nu / torch.expm1(h / k * nu / T) / 1e-20


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    T = torch.tensor(2.5, dtype=measured.dtype)
    for _ in range(30):
        predicted, slopes = torch.func.jvp(
            lambda T: intensity(wavenumber, T), (T,), (torch.ones_like(T),)
        )
        residuals = (measured - predicted) / sigma_kJy
        T += ((slopes / sigma_kJy * residuals).sum() / (slopes / sigma_kJy).square().sum()) / 2
    return T


# %% answer uncertainty
def chi_squared_per_dof(wavenumber, measured, sigma_kJy, T):
    residuals = 1000 * (measured - intensity(wavenumber, T)) / sigma_kJy
    return residuals @ residuals / (residuals.numel() - 1)


def temperature_uncertainty(wavenumber, sigma_kJy, T):
    T = torch.tensor(T, requires_grad=True)
    # The exact second derivative of chi-squared for data that lie on the curve.
    perfect = intensity(wavenumber, T).detach()
    chi_squared = ((1000 * (intensity(wavenumber, T) - perfect) / sigma_kJy) ** 2).sum()
    (slope,) = torch.autograd.grad(chi_squared, T, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, T)
    return torch.sqrt(2 / curvature)
