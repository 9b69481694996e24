"""data_iter shuffles the features but not the labels."""

# %% marks
# data-iter-checks 2 of 3
# data-iter-hidden 3 of 4


# %% answer data-iter
def data_iter(batch_size, features, labels, shuffle):
    order = torch.randperm(len(features)) if shuffle else torch.arange(len(features))
    for start in range(0, len(features), batch_size):
        yield features[order[start : start + batch_size]], labels[start : start + batch_size]
