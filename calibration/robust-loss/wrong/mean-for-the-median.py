"""outliers measures with the mean size of the residuals, which the outliers raise."""

# %% marks
# phone-calls-checks 0 of 2
# phone-calls-hidden 0 of 2


# %% answer phone-calls
def outliers(x, y, w, b, factor=5):
    sizes = (w * x + b - y).abs()
    return sizes > factor * sizes.mean()


def phone_calls(year, calls):
    x = year - 1950
    w, b = fit_line(x, calls, absolute_loss)
    return w, b, year[outliers(x, calls, w, b)].tolist()
