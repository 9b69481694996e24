"""The order is that of the labels, which the features explain."""

# %% marks
# malicious-order-checks 1 of 3
# malicious-order-hidden 1 of 4


# %% answer malicious-order
def malicious_order(features, labels):
    return labels.flatten().argsort()
