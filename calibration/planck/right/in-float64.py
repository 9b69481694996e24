"""Float64 throughout; each reading gives a temperature of its own, and the fit is their mean."""


# %% answer radiance
def radiance(lam_um, T):
    lam = lam_um.double() * 1e-6
    T = torch.as_tensor(T).double()
    return 2e-6 * h * c**2 / lam**5 / (torch.exp(h * c / (lam * k * T)) - 1)


# %% answer log-radiance
def log_radiance(lam_um, T):
    lam_um, T = lam_um.double(), torch.as_tensor(T).double()
    x = h * c * 1e6 / (k * lam_um * T)
    log_expm1 = x + torch.log1p(-torch.exp(-x))
    return math.log(2 * h * c**2 * 1e24) - 5 * lam_um.log() - log_expm1


# %% answer fit-temperature
def fit_temperature(lam_um, B):
    lam_um, B = lam_um.double(), B.double()
    c1, c2 = 2 * h * c**2 * 1e24, h * c / k * 1e6
    return (c2 / lam_um / torch.log1p(c1 / lam_um**5 / B)).mean()


# %% answer intensity
def intensity(wavenumber, T):
    nu = 100 * c * wavenumber.double()
    return 2e20 * h * nu**3 / c**2 / (torch.exp(h * nu / (k * T)) - 1)


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    low, high = 1.5, 5.0
    weights = sigma_kJy.double() ** -2

    def chi_squared(T):
        return (weights * (intensity(wavenumber, T) - measured) ** 2).sum()

    # Golden sections: the minimum stays between low and high.
    while high - low > 1e-5:
        left, right = high - 0.618034 * (high - low), low + 0.618034 * (high - low)
        low, high = (low, right) if chi_squared(left) < chi_squared(right) else (left, high)
    return (low + high) / 2


# %% answer uncertainty
def chi_squared_per_dof(wavenumber, measured, sigma_kJy, T):
    pulls = (measured.double() - intensity(wavenumber, T)) / (sigma_kJy.double() / 1e3)
    return float(pulls.square().sum() / (len(pulls) - 1))


def temperature_uncertainty(wavenumber, sigma_kJy, T):
    x = 100 * h * c / k * wavenumber.double() / T
    slopes = intensity(wavenumber, T) * x / T / (1 - torch.exp(-x))
    return 1 / math.sqrt(((1000 * slopes / sigma_kJy) ** 2).sum())
