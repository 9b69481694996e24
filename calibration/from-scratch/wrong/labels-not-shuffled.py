"""data_iter shuffles the features but not the labels."""

# %% marks
# data-iter-checks 2 of 3
# data-iter-hidden 1 of 4
# train-checks 2 of 3
# train-hidden 2 of 4
# recover-checks 0 of 2
# recover-hidden 0 of 4


# %% answer data-iter
def data_iter(batch_size, features, labels):
    order = torch.randperm(len(features))
    for start in range(0, len(features), batch_size):
        yield features[order[start : start + batch_size]], labels[start : start + batch_size]
