"""Each epoch starts at another place of the same order, which looks fresh and is not."""

# %% marks
# make-orders-hidden 2 of 3


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    if reshuffle:
        starts = torch.arange(num_epochs).reshape(-1, 1)
        return torch.randperm(n)[(torch.arange(n) + starts) % n]
    return torch.randperm(n).repeat(num_epochs, 1)
