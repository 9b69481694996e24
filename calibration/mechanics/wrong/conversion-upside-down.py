"""w is degrees of the scale per degree Celsius, the wrong way round."""

# %% marks
# unit-checks 0 of 2
# unit-hidden 0 of 3


# %% answer unit
def conversion(freezing, boiling):
    w = (boiling - freezing) / 100
    return w, -w * freezing


def identify(t_u, t_c, scales):
    losses = {}
    for name, points in scales.items():
        w, b = conversion(*points)
        losses[name] = ((w * t_u + b - t_c) ** 2).mean()
    return min(losses, key=losses.get)
