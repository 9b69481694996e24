"""Other formulas for the losses, torch.func for the pull, a vector for the gradients."""


# %% answer absolute-loss
def absolute_loss(y_hat, y):
    y = y.view_as(y_hat)
    return torch.maximum(y_hat - y, y - y_hat)


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    # The part of the residual within the threshold, and the size of all of it.
    size = (y_hat.flatten() - y.flatten()).abs()
    inner = size.clamp(max=delta)
    return (inner * (size - inner / 2)).reshape(y_hat.shape)


# %% answer pull
def pull(loss, y_hat, y):
    return torch.func.grad(lambda predictions: loss(predictions, y).sum())(y_hat)


# %% answer efficiency
def efficiency(labels):
    middle = labels.sort(dim=1).values[:, labels.shape[1] // 2]
    average = labels.sum(1) / labels.shape[1]
    return average.var(correction=0) / middle.var(correction=0)


# %% answer shift
def shift(fit, x, y, i, label):
    here = torch.arange(len(y)) == i
    new = torch.tensor(fit(x, torch.where(here, label, y)))
    return new - torch.tensor(fit(x, y))


# %% answer clip-gradients
def clip_gradients(params, max_norm):
    length = sum((param.grad**2).sum() for param in params) ** 0.5
    factor = min(1.0, max_norm / float(length)) if length > 0 else 1.0
    for param in params:
        param.grad = factor * param.grad
