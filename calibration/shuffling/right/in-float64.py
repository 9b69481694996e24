"""Everything in float64, and an order that only separates the signs of the residuals."""


# %% answer influence
def influence(num_batches, lr):
    keep = torch.full((num_batches,), 1 - lr, dtype=torch.float64)
    keep[0] = 1
    return (lr * keep.cumprod(0)).flip(0)


def memory(lr, share):
    return float(torch.tensor(1 - share).double().log().div(math.log(1 - lr)).ceil())


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    labels = labels.double().sort(dim=0).values
    means = torch.stack([batch.mean() for batch in labels.split(batch_size)])
    weights = (1 - lr) ** torch.arange(len(means), dtype=torch.float64).flip(0)
    return (weights / weights.sum() * means).sum() - labels.mean()


# %% answer malicious-order
def malicious_order(features, labels):
    X = torch.cat([torch.ones(len(features), 1), features], 1).double()
    residuals = (labels - X @ (torch.linalg.pinv(X) @ labels.double())).flatten()
    return torch.cat([(residuals <= 0).nonzero(), (residuals > 0).nonzero()]).flatten()


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    first = torch.randperm(n)
    return torch.stack(
        [first[torch.randperm(n)] if reshuffle else first for _ in range(num_epochs)]
    )


# %% answer average
def average_last_epoch(path, num_batches):
    sums = path.double().cumsum(0)
    earlier = sums[-num_batches - 1] if len(path) > num_batches else 0
    return (sums[-1] - earlier) / num_batches


# %% answer learning-rates
def learning_rates(num_epochs):
    quick = num_epochs // 4
    slow = [0.05 * 0.8**epoch for epoch in range(num_epochs - quick)]
    return [0.1] * quick + slow
