"""fit_background divides the squared residuals by the uncertainties, not by their squares."""

# %% marks
# fit-background-checks 1 of 3
# fit-background-hidden 2 of 4


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    weights = (1 / sigma_kJy) / (1 / sigma_kJy).sum()
    scale = measured.max()
    T = torch.tensor(2.0, dtype=measured.dtype, requires_grad=True)
    for _ in range(50):
        residuals = (intensity(wavenumber, T) - measured) / scale
        (weights * residuals**2).sum().backward()
        sgd([T], lr=0.5, batch_size=1)
    return T.item()
