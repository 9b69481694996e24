"""sorted_error trains until nothing changes, with b as a tensor of shape (1,)."""


# %% answer sorted-labels
def sorted_error(labels, batch_size, lr):
    ordered = labels.sort(0).values
    b = torch.zeros(1, dtype=labels.dtype)
    for _ in range(200):
        for batch in ordered.split(batch_size):
            b = b - lr * (b - batch).mean()
    return b - labels.mean()
