"""The weights are derivatives, found by autograd; a matrix equation; a loader; random keys."""


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    dataset = torch.utils.data.TensorDataset(features, labels)
    for X, y in torch.utils.data.DataLoader(dataset, batch_size, shuffle=shuffle):
        yield X, y


# %% answer influence
def influence(num_batches, lr):
    def end(means):
        b = torch.zeros(())
        for mean in means:
            b = b - lr * (b - mean)
        return b

    return torch.func.grad(end)(torch.zeros(num_batches))


def memory(lr, share):
    weights = influence(400, lr).flip(0)
    return (weights.cumsum(0) < share).sum() + 1


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    # b after each step of the cycle: b_k - (1 - lr) b_(k-1) = lr m_k, with b_0 = b_K.
    means = labels.double().flatten().sort()[0].view(-1, batch_size).mean(1)
    eye = torch.eye(len(means), dtype=means.dtype)
    b = torch.linalg.solve(eye - (1 - lr) * eye.roll(1, 0), lr * means)
    return float(b[-1] - means.mean())


# %% answer malicious-order
def malicious_order(features, labels):
    # Regress out the features after centring both; the constant does not change the order.
    X = features - features.mean(0)
    w = torch.linalg.solve(X.T @ X, X.T @ (labels - labels.mean()))
    return (labels - features @ w).flatten().sort().indices


# %% answer make-orders
def make_orders(n, num_epochs, reshuffle):
    if not reshuffle:
        return torch.rand(n).argsort().expand(num_epochs, n)
    return torch.rand(num_epochs, n).argsort(1)


# %% answer average
def average_last_epoch(path, num_batches):
    weights = torch.zeros(len(path), dtype=path.dtype)
    weights[-num_batches:] = 1 / num_batches
    return weights @ path


# %% answer learning-rates
def learning_rates(num_epochs):
    return 0.03 * (1 - torch.arange(num_epochs) / num_epochs)
