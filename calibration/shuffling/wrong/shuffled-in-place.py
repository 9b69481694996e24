"""data_iter shuffles the dataset itself, which the next fixed order then shows."""

# %% marks
# data-iter-hidden 3 of 4


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    if shuffle:
        order = torch.randperm(len(features))
        features[:], labels[:] = features[order], labels[order]
    for start in range(0, len(features), batch_size):
        yield features[start : start + batch_size], labels[start : start + batch_size]
