"""0.01 is taken for the variance of the noise, and the number of features is fixed at 2."""

# %% marks
# synthetic-data-checks 1 of 2
# synthetic-data-hidden 0 of 2


# %% answer synthetic-data
def synthetic_data(w, b, num_examples):
    X = torch.randn(num_examples, 2)
    y = (X @ w + b).reshape(-1, 1)
    return X, y + 0.01**0.5 * torch.randn(y.shape)
