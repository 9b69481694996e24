"""Loops and sums in place of formulas, power iteration in place of eigvalsh."""


# %% answer predict-epochs
def predict_epochs(start_loss, target, lr, eigenvalue):
    epochs, loss = 0, start_loss
    while loss > target:
        loss *= (1 - lr * eigenvalue) ** 2
        epochs += 1
    return epochs


# %% answer stable-lr
def largest_eigenvalue(features):
    A = torch.column_stack([torch.ones(len(features)), features])
    vector = torch.ones(A.shape[1]) + torch.rand(A.shape[1])
    for _ in range(300):
        vector = A.T @ (A @ vector) / len(A)
        vector = vector / vector.norm()
    return float((A @ vector).square().mean())


def largest_stable_lr(features):
    return torch.tensor(2 / largest_eigenvalue(features))


# %% answer short-batch
def batch_sizes(n, batch_size):
    sizes = []
    while n > 0:
        sizes.append(min(n, batch_size))
        n -= sizes[-1]
    return sizes


def short_step_fraction(n, batch_size):
    return batch_sizes(n, batch_size)[-1] / batch_size


def train_epoch(w, b, features, labels, lr, batch_size):
    for X, y in data_iter(batch_size, features, labels):
        with torch.no_grad():
            residual = X @ w + b - y
            w -= lr * X.T @ residual / len(X)
            b -= lr * residual.mean(0)


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    return sum(float((p - labels).square().mean()) / 2 for p in y_hat.flatten()) / len(y_hat)


def broadcast_fit(features, labels):
    w, b = torch.zeros(features.shape[1], 1), torch.zeros(1)
    for _ in range(200):
        residual = features @ w + b - labels  # shape (n, n)
        w -= 0.3 * features.T @ residual.mean(1, keepdim=True) / len(features)
        b -= 0.3 * residual.mean()
    return w, b


def least_broadcast_loss(labels):
    return broadcast_loss(torch.full((len(labels), 1), float(labels.mean())), labels)
