"""fit_background gives all readings the same weight."""

# %% marks
# fit-background-checks 1 of 3
# fit-background-hidden 2 of 4


# %% answer fit-background
def fit_background(wavenumber, measured, sigma_kJy):
    scale = measured.max()
    T = torch.tensor(2.0, dtype=measured.dtype, requires_grad=True)
    for _ in range(50):
        residuals = (intensity(wavenumber, T) - measured) / scale
        (residuals**2).mean().backward()
        sgd([T], lr=0.5, batch_size=1)
    return T.item()
