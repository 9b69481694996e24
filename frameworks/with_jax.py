"""Linear regression in JAX, with Flax and Optax: pure functions, compiled by jit.

Nothing is changed in place. A step takes a state and returns another one, and every
random number comes from a key that is handed on by hand.
"""

from functools import partial

import jax
import jax.numpy as jnp
import optax
from flax import linen as nn
from flax.training import train_state

from problem import batch_size, lr, main, noise, num_examples, true_b, true_w


def synthetic_data(key, w, b, num_examples):
    """Draw features and labels, y = Xw + b + noise."""
    features_key, noise_key = jax.random.split(key)
    X = jax.random.normal(features_key, (num_examples, len(w)))
    y = (X @ w + b).reshape(-1, 1)
    return X, y + noise * jax.random.normal(noise_key, y.shape)


def draw():
    data_key, w_key = jax.random.split(jax.random.key(0))
    features, labels = synthetic_data(
        data_key, jnp.array(true_w), true_b, num_examples
    )
    w = 0.01 * jax.random.normal(w_key, (len(true_w), 1))
    return features, labels, w, jnp.zeros(1)


def data_iter(key, batch_size, features, labels, order=None):
    """Go once through the examples, in a random order or in the one given."""
    if order is None:
        order = jax.random.permutation(key, len(features))
    for start in range(0, len(features), batch_size):
        rows = order[start : start + batch_size]
        yield features[rows], labels[rows]


class LinReg(nn.Module):
    """Xw + b. On request, X is normalized by batches or partly dropped first."""

    batch_norm: bool = False
    dropout: float = 0.0

    @nn.compact
    def __call__(self, X, training):
        if self.batch_norm:
            X = nn.BatchNorm(
                use_running_average=not training, use_scale=False, use_bias=False
            )(X)
        X = nn.Dropout(self.dropout, deterministic=not training)(X)
        return nn.Dense(1, name="linear")(X)


def squared_loss(y_hat, y):
    return (y_hat - y) ** 2 / 2


class TrainState(train_state.TrainState):
    """Parameters, optimizer, and everything else that changes from step to step."""

    batch_stats: dict
    dropout_key: jax.Array


@jax.jit
def train_step(state, X, y):
    """Return the state after one step. The state passed in does not change."""
    next_key, dropout_key = jax.random.split(state.dropout_key)

    def mean_loss(params):
        variables = {"params": params}
        settings = {"training": True, "rngs": {"dropout": dropout_key}}
        # This `if` is decided once, when the step is compiled for a kind of state.
        if state.batch_stats:
            variables["batch_stats"] = state.batch_stats
            y_hat, changed = state.apply_fn(
                variables, X, mutable=["batch_stats"], **settings
            )
            batch_stats = changed["batch_stats"]
        else:
            y_hat, batch_stats = state.apply_fn(variables, X, **settings), {}
        return squared_loss(y_hat, y).mean(), batch_stats

    grads, batch_stats = jax.grad(mean_loss, has_aux=True)(state.params)
    state = state.apply_gradients(grads=grads)
    return state.replace(batch_stats=batch_stats, dropout_key=next_key)


def train(features, labels, w, b, orders, record, batch_norm=False):
    features, labels = jnp.asarray(features), jnp.asarray(labels)
    init_key, dropout_key, data_key = jax.random.split(jax.random.key(1), 3)
    model = LinReg(batch_norm)
    variables = model.init(init_key, features, training=False)
    state = TrainState.create(
        apply_fn=model.apply,
        params={"linear": {"kernel": jnp.asarray(w), "bias": jnp.asarray(b)}},
        tx=optax.sgd(lr),
        batch_stats=variables.get("batch_stats", {}),
        dropout_key=dropout_key,
    )
    for order in orders:
        data_key, order_key = jax.random.split(data_key)
        with record.epoch():
            batches = data_iter(order_key, batch_size, features, labels, order)
            for X, y in batches:
                state = train_step(state, X, y)
            jax.block_until_ready(state.params)  # steps are only queued until here
        variables = {"params": state.params, "batch_stats": state.batch_stats}
        y_hat = model.apply(variables, features, training=False)
        record.loss(squared_loss(y_hat, labels).mean())
    linear = jax.device_get(state.params["linear"])
    return linear["kernel"], linear["bias"]


if __name__ == "__main__":
    with_batch_norm = partial(train, batch_norm=True)
    main(jax, draw, train, {"batch normalization": with_batch_norm})
