"""influence gives the weights in reverse, and memory rounds down."""

# %% marks
# influence-checks 1 of 3
# influence-hidden 0 of 3


# %% answer influence
def influence(num_batches, lr):
    return lr * (1 - lr) ** torch.arange(num_batches)


def memory(lr, share):
    return int(math.log(1 - share) / math.log(1 - lr))
