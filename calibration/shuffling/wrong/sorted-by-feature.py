"""The order is that of a feature, which leaves the model well able to fit."""

# %% marks
# malicious-order-checks 1 of 3
# malicious-order-hidden 1 of 4


# %% answer malicious-order
def malicious_order(features, labels):
    return features[:, 0].argsort()
