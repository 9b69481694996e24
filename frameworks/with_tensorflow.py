"""Linear regression in TensorFlow: a tape records, tf.function compiles a graph."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")  # before the import: be quiet
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import tensorflow as tf

from problem import batch_size, lr, main, noise, num_examples, true_b, true_w


def synthetic_data(w, b, num_examples):
    """Draw features and labels, y = Xw + b + noise."""
    X = tf.random.normal((num_examples, len(w)))
    y = X @ tf.reshape(w, (-1, 1)) + b
    return X, y + noise * tf.random.normal(y.shape)


def draw():
    features, labels = synthetic_data(tf.constant(true_w), true_b, num_examples)
    w = tf.random.normal((len(true_w), 1), stddev=0.01)
    return features, labels, w, tf.zeros(1)


def data_iter(batch_size, features, labels, order=None):
    """Go once through the examples, in a random order or in the one given."""
    if order is None:
        order = tf.random.shuffle(tf.range(len(features)))
    rows = tf.gather(features, order), tf.gather(labels, order)
    return tf.data.Dataset.from_tensor_slices(rows).batch(batch_size)


def linreg(X, w, b):
    return X @ w + b


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


def sgd(params, grads, lr, batch_size):
    """Change the parameters in place; a variable keeps no gradient to clear."""
    for param, grad in zip(params, grads):
        param.assign_sub(lr / batch_size * grad)


def train(features, labels, w, b, orders, record):
    features, labels = tf.constant(features), tf.constant(labels)
    w, b = tf.Variable(w), tf.Variable(b)

    @tf.function  # Python runs once and records a graph; later calls run the graph
    def train_step(X, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(squared_loss(linreg(X, w, b), y))
        sgd([w, b], tape.gradient(loss, [w, b]), lr, len(X))

    for order in orders:
        with record.epoch():
            for X, y in data_iter(batch_size, features, labels, order):
                train_step(X, y)
        losses = squared_loss(linreg(features, w, b), labels)
        record.loss(tf.reduce_mean(losses))
    return w.numpy(), b.numpy()


if __name__ == "__main__":
    main(tf, draw, train)
