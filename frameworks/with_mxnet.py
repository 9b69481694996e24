"""Linear regression in MXNet, with its NDArray: recorded in autograd.record()."""

import mxnet
from mxnet import autograd, nd

from problem import batch_size, lr, main, noise, num_examples, true_b, true_w


def synthetic_data(w, b, num_examples):
    """Draw features and labels, y = Xw + b + noise."""
    X = nd.random.normal(shape=(num_examples, len(w)))
    y = nd.dot(X, w).reshape((-1, 1)) + b
    return X, y + noise * nd.random.normal(shape=y.shape)


def draw():
    features, labels = synthetic_data(nd.array(true_w), true_b, num_examples)
    w = nd.random.normal(scale=0.01, shape=(len(true_w), 1))
    return features, labels, w, nd.zeros(1)


def data_iter(batch_size, features, labels, order=None):
    """Go once through the examples, in a random order or in the one given."""
    if order is None:
        order = nd.random.shuffle(nd.arange(len(features)))
    order = nd.array(order)
    for start in range(0, len(features), batch_size):
        rows = order[start : start + batch_size]
        yield features.take(rows), labels.take(rows)


def linreg(X, w, b):
    return nd.dot(X, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


def sgd(params, lr, batch_size):
    """Change the parameters in place; the next backward overwrites gradients."""
    for param in params:
        param[:] = param - lr / batch_size * param.grad


def train(features, labels, w, b, orders, record):
    features, labels = nd.array(features), nd.array(labels)
    w, b = nd.array(w), nd.array(b)
    for param in (w, b):
        param.attach_grad()
    for order in orders:
        with record.epoch():
            for X, y in data_iter(batch_size, features, labels, order):
                with autograd.record():
                    losses = squared_loss(linreg(X, w, b), y)
                losses.backward()  # differentiates the sum of the losses
                sgd([w, b], lr, len(X))
            nd.waitall()  # operations are only queued until here
        losses = squared_loss(linreg(features, w, b), labels)
        record.loss(losses.mean().asscalar())
    return w.asnumpy(), b.asnumpy()


if __name__ == "__main__":
    main(mxnet, draw, train)
