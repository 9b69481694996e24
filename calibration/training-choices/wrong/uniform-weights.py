"""The weights have the right spread, but they are uniform instead of normal."""

# %% marks
# initial-weights-hidden 1 of 2


# %% answer initial-weights
def weights_of_std(d, std):
    return ((2 * torch.rand(d, 1) - 1) * math.sqrt(3) * std).requires_grad_()


def weights_of_variance(d, variance):
    return weights_of_std(d, math.sqrt(variance))
