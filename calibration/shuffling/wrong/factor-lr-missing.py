"""influence forgets that a mean enters with the learning rate."""

# %% marks
# influence-checks 1 of 3
# influence-hidden 1 of 3


# %% answer influence
def influence(num_batches, lr):
    return (1 - lr) ** torch.arange(num_batches - 1, -1, -1)


def memory(lr, share):
    return math.ceil(math.log(1 - share) / math.log(1 - lr))
