"""The order is drawn at random."""

# %% marks
# malicious-order-checks 1 of 3
# malicious-order-hidden 1 of 4


# %% answer malicious-order
def malicious_order(features, labels):
    return torch.randperm(len(labels))
