"""Linear regression in Paddle, with its dynamic graph: recorded as it runs."""

import warnings

warnings.filterwarnings(
    "ignore", message="No ccache found"
)  # it compiles nothing here

import paddle

from problem import batch_size, lr, main, noise, num_examples, true_b, true_w


def synthetic_data(w, b, num_examples):
    """Draw features and labels, y = Xw + b + noise."""
    X = paddle.randn((num_examples, len(w)))
    y = (X @ w + b).reshape((-1, 1))
    return X, y + noise * paddle.randn(y.shape)


def draw():
    features, labels = synthetic_data(
        paddle.to_tensor(true_w), true_b, num_examples
    )
    w = 0.01 * paddle.randn((len(true_w), 1))
    return features, labels, w, paddle.zeros((1,))


def data_iter(batch_size, features, labels, order=None):
    """Go once through the examples, in a random order or in the one given."""
    if order is None:
        order = paddle.randperm(len(features))
    order = paddle.assign(order)
    for start in range(0, len(features), batch_size):
        rows = order[start : start + batch_size]
        yield features[rows], labels[rows]


def linreg(X, w, b):
    return X @ w + b


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


@paddle.no_grad()
def sgd(params, lr, batch_size):
    """Change the parameters in place, then clear their gradients."""
    for param in params:
        param.subtract_(lr / batch_size * param.grad)
        param.clear_gradient()


def train(features, labels, w, b, orders, record):
    features, labels = paddle.assign(features), paddle.assign(labels)
    w, b = paddle.assign(w), paddle.assign(b)
    for param in (w, b):
        param.stop_gradient = False  # what PyTorch calls requires_grad = True
    for order in orders:
        with record.epoch():
            for X, y in data_iter(batch_size, features, labels, order):
                loss = squared_loss(linreg(X, w, b), y).sum()
                loss.backward()  # writes into w.grad and b.grad
                sgd([w, b], lr, len(X))
        with paddle.no_grad():
            record.loss(squared_loss(linreg(features, w, b), labels).mean())
    return w.numpy(), b.numpy()


if __name__ == "__main__":
    main(paddle, draw, train)
