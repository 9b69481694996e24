"""Linear regression in PyTorch: operations on tensors are recorded as they run."""

import torch

from problem import batch_size, lr, main, noise, num_examples, true_b, true_w


def synthetic_data(w, b, num_examples):
    """Draw features and labels, y = Xw + b + noise."""
    X = torch.randn(num_examples, len(w))
    y = (X @ w + b).reshape(-1, 1)
    return X, y + noise * torch.randn(y.shape)


def draw():
    features, labels = synthetic_data(torch.tensor(true_w), true_b, num_examples)
    w = 0.01 * torch.randn(len(true_w), 1)
    return features, labels, w, torch.zeros(1)


def data_iter(batch_size, features, labels, order=None):
    """Go once through the examples, in a random order or in the one given."""
    if order is None:
        order = torch.randperm(len(features))
    for rows in torch.as_tensor(order).split(batch_size):
        yield features[rows], labels[rows]


def linreg(X, w, b):
    return X @ w + b


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


def sgd(params, lr, batch_size):
    """Change the parameters in place, then clear their gradients."""
    with torch.no_grad():
        for param in params:
            param -= lr / batch_size * param.grad
            param.grad.zero_()


def train(features, labels, w, b, orders, record):
    features, labels = torch.as_tensor(features), torch.as_tensor(labels)
    w = torch.as_tensor(w).clone().requires_grad_()
    b = torch.as_tensor(b).clone().requires_grad_()
    for order in orders:
        with record.epoch():
            for X, y in data_iter(batch_size, features, labels, order):
                loss = squared_loss(linreg(X, w, b), y).sum()
                loss.backward()  # writes into w.grad and b.grad
                sgd([w, b], lr, len(X))
        with torch.no_grad():
            record.loss(squared_loss(linreg(features, w, b), labels).mean())
    return w.detach().numpy(), b.detach().numpy()


if __name__ == "__main__":
    main(torch, draw, train)
