"""data_iter leaves out the last batch when it is short."""

# %% marks
# data-iter-checks 1 of 3
# data-iter-hidden 2 of 4


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    order = torch.randperm(len(features)) if shuffle else torch.arange(len(features))
    for start in range(0, len(features) - batch_size + 1, batch_size):
        rows = order[start : start + batch_size]
        yield features[rows], labels[rows]
