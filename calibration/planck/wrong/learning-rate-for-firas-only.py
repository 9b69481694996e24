"""fit_background does not normalize its weights: lr suits uncertainties like those of FIRAS."""

# %% marks
# fit-background-checks 1 of 3
# fit-background-hidden 1 of 4


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    T = torch.tensor(2.0, dtype=measured.dtype, requires_grad=True)
    for _ in range(400):
        residuals = (intensity(wavenumber, T) - measured) / (sigma_kJy / 1000)
        (residuals**2).sum().backward()
        sgd([T], lr=1e-11, batch_size=1)
    return T.item()
