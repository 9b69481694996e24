"""The uncertainty comes from the mean over the readings, not from their sum."""

# %% marks
# uncertainty-checks 1 of 2
# uncertainty-hidden 1 of 3


# %% answer uncertainty
def chi_squared_per_dof(wavenumber, measured, sigma_kJy, T):
    residuals = (intensity(wavenumber, T) - measured) / (sigma_kJy / 1000)
    return (residuals**2).sum().item() / (len(measured) - 1)


def temperature_uncertainty(wavenumber, sigma_kJy, T):
    slopes = (intensity(wavenumber, T + 0.005) - intensity(wavenumber, T - 0.005)) / 0.01
    return ((slopes / (sigma_kJy / 1000)) ** 2).mean().item() ** -0.5
