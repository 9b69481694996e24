"""A fixed seed draws the same order in every pass, in every epoch and in every call."""

# %% marks
# data-iter-checks 2 of 3
# data-iter-hidden 3 of 4
# make-orders-checks 1 of 2
# make-orders-hidden 0 of 3


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    torch.manual_seed(0)
    order = torch.randperm(len(features)) if shuffle else torch.arange(len(features))
    for rows in order.split(batch_size):
        yield features[rows], labels[rows]


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    orders = []
    for _ in range(num_epochs):
        torch.manual_seed(0)
        orders.append(torch.randperm(n))
    return torch.stack(orders)
