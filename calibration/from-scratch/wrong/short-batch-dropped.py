"""data_iter leaves out the last batch when it is short."""

# %% marks
# data-iter-checks 2 of 3
# data-iter-hidden 1 of 4
# train-checks 2 of 3
# train-hidden 3 of 4


# %% answer data-iter
def data_iter(batch_size, features, labels):
    order = torch.randperm(len(features))
    for start in range(0, len(features) - batch_size + 1, batch_size):
        rows = order[start : start + batch_size]
        yield features[rows], labels[rows]
