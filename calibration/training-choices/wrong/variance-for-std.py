"""The variance is used as if it were the standard deviation."""

# %% marks
# initial-weights-checks 1 of 2
# initial-weights-hidden 1 of 2


# %% answer initial-weights
def weights_of_std(d, std):
    return torch.normal(0.0, float(std), (d, 1)).requires_grad_()


def weights_of_variance(d, variance):
    return torch.normal(0.0, float(variance), (d, 1)).requires_grad_()
