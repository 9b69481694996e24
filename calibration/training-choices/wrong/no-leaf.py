"""The weights are scaled after they began to require gradients, so .grad stays empty."""

# %% marks
# initial-weights-checks 1 of 2


# %% answer initial-weights
def weights_of_std(d, std):
    return torch.randn(d, 1, requires_grad=True) * std


def weights_of_variance(d, variance):
    return torch.randn(d, 1, requires_grad=True) * variance**0.5
