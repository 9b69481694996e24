"""overflow_wavelength takes the logarithm to base 10."""

# %% marks
# overflow-checks 0 of 1
# overflow-hidden 0 of 1


# %% answer overflow
def overflow_wavelength(T):
    return 1e6 * h * c / (k * T * math.log10(torch.finfo(torch.float32).max))
