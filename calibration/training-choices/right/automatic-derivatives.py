"""Gradients and the Hessian matrix by torch.func, with the parameters in one vector."""


# %% answer count-epochs
def count_epochs(w, b, features, labels, lr, batch_size, target, max_epochs=1000):
    def mean_loss(params, X, y):
        return squared_loss(linreg(X, *params), y).mean()

    params, epoch = (w.detach(), b.detach()), 0
    while mean_loss(params, features, labels) > target:
        if epoch == max_epochs:
            return None
        for X, y in data_iter(batch_size, features, labels):
            gradients = torch.func.grad(mean_loss)(params, X, y)
            params = tuple(p - lr * g for p, g in zip(params, gradients))
        epoch += 1
    return epoch


# %% answer stable-lr
def largest_eigenvalue(features):
    def mean_loss(params):
        return ((features @ params[:-1] + params[-1]) ** 2 / 2).mean()

    hessian = torch.func.hessian(mean_loss)(features.new_zeros(features.shape[1] + 1))
    return torch.linalg.eigvalsh(hessian)[-1].item()


def largest_stable_lr(features):
    return 2 / largest_eigenvalue(features)


# %% answer find-limit
def diverges(features, labels, lr):
    w = torch.zeros(features.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(201):
        loss = ((features @ w + b - labels) ** 2 / 2).mean()
        losses.append(loss.item())
        loss.backward()
        sgd([w, b], lr, 1)
    return math.isnan(losses[-1]) or losses[-1] >= losses[0]


def find_limit(unstable, low, high):
    while high / low > 1.0005:
        middle = math.sqrt(low * high)  # halves the interval of the logarithm
        if unstable(middle):
            high = middle
        else:
            low = middle
    return low


# %% answer short-batch
def batch_sizes(n, batch_size):
    rows = torch.zeros(n, 1)
    return [len(X) for X, _ in data_iter(batch_size, rows, rows)]


def short_step_fraction(n, batch_size):
    return torch.tensor((n % batch_size or batch_size) / batch_size)


def train_epoch(w, b, features, labels, lr, batch_size):
    optimizer = torch.optim.SGD([w, b], lr=lr)
    for X, y in data_iter(batch_size, features, labels):
        optimizer.zero_grad()
        squared_loss(linreg(X, w, b), y).mean().backward()
        optimizer.step()
