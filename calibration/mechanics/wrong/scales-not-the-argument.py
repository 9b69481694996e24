"""identify looks into the dictionary of the notebook instead of the one that it is given."""

# %% marks
# unit-hidden 2 of 3


# %% answer unit
def conversion(freezing, boiling):
    w = 100 / (boiling - freezing)
    return w, -w * freezing


def identify(t_u, t_c, scales):
    def loss(name):
        return loss_fn(model(t_u, *conversion(*SCALES[name])), t_c)

    return min(SCALES, key=loss)
