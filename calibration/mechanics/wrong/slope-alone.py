"""identify compares the slopes, and so confuses scales with degrees of one size."""

# %% marks
# unit-hidden 2 of 3


# %% answer unit
def conversion(freezing, boiling):
    w = 100 / (boiling - freezing)
    return w, -w * freezing


def identify(t_u, t_c, scales):
    x, y = t_u - t_u.mean(), t_c - t_c.mean()
    slope = float((x * y).sum() / (x * x).sum())
    return min(scales, key=lambda name: abs(conversion(*scales[name])[0] - slope))
