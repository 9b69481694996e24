"""Plain loops and lists; sorted in the other direction; a geometric learning rate."""


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    import random

    numbers = list(range(len(features)))
    if shuffle:
        random.shuffle(numbers)
    while numbers:
        rows, numbers = numbers[:batch_size], numbers[batch_size:]
        yield torch.stack([features[i] for i in rows]), torch.stack([labels[i] for i in rows])


# %% answer influence
def influence(num_batches, lr):
    weights = [lr]
    for _ in range(num_batches - 1):
        weights.insert(0, weights[0] * (1 - lr))
    return torch.tensor(weights)


def memory(lr, share):
    number, left = 0, 1.0
    while 1 - left < share:
        left *= 1 - lr
        number += 1
    return number


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    values = sorted(labels.flatten().tolist())
    means = [
        sum(values[i : i + batch_size]) / batch_size for i in range(0, len(values), batch_size)
    ]
    b, before = 0.0, None
    while before is None or abs(b - before) > 1e-9:
        before = b
        for mean in means:
            b -= lr * (b - mean)
    return b - sum(values) / len(values)


# %% answer malicious-order
def malicious_order(features, labels):
    shuffled = [torch.randperm(len(labels)) for _ in range(5)]
    *w, b = train(features, labels, shuffled, [0.1, 0.1, 0.1, 0.03, 0.01])[-1]
    residuals = labels.flatten() - features @ torch.stack(w) - b
    return torch.argsort(residuals, descending=True)


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    orders = torch.empty(num_epochs, n, dtype=torch.long)
    for epoch in range(num_epochs):
        if epoch == 0 or reshuffle:
            order = torch.randperm(n)
        orders[epoch] = order
    return orders


# %% answer average
def average_last_epoch(path, num_batches):
    total = torch.zeros(path.shape[1])
    for step in range(len(path) - num_batches, len(path)):
        total += path[step] / num_batches
    return total


# %% answer learning-rates
def learning_rates(num_epochs):
    return [0.1 * 0.8**epoch for epoch in range(num_epochs)]
