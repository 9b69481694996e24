"""The telephone calls are fitted with the squared loss."""

# %% marks
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer phone-calls
def outliers(x, y, w, b, factor=5):
    sizes = (w * x + b - y).abs()
    return sizes > factor * sizes.median()


def phone_calls(year, calls):
    x = year - 1950
    w, b = fit_line(x, calls, squared_loss)
    return w, b, year[outliers(x, calls, w, b)].tolist()
