"""memory finds how many batches hold the rest instead of the share."""

# %% marks
# influence-checks 2 of 3
# influence-hidden 2 of 3


# %% answer influence
def influence(num_batches, lr):
    steps_after = torch.arange(num_batches - 1, -1, -1)
    return lr * (1 - lr) ** steps_after


def memory(lr, share):
    return math.ceil(math.log(share) / math.log(1 - lr))
