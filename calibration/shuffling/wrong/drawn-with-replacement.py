"""The orders are drawn with replacement, so rows are missing and rows come twice."""

# %% marks
# make-orders-checks 1 of 2
# make-orders-hidden 1 of 3


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    if reshuffle:
        return torch.randint(n, (num_epochs, n))
    return torch.randint(n, (n,)).repeat(num_epochs, 1)
