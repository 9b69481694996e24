"""Everything in float64, and the loop with the mean and a batch size of 1 in sgd."""


# %% answer synthetic-data
def synthetic_data(w, b, num_examples):
    w = w.double()
    X = torch.normal(0.0, 1.0, (num_examples, w.numel()), dtype=torch.float64)
    y = torch.mv(X, w) + b + torch.normal(0.0, 0.01, (num_examples,), dtype=torch.float64)
    return X, y[:, None]


# %% answer train
def train(w, b, features, labels, lr, batch_size, num_epochs):
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).mean().backward()
            sgd([w, b], lr, 1)
        losses.append(squared_loss(linreg(features, w, b), labels).mean().detach().item())
    return losses


# %% answer recover
def recover(features, labels):
    w = torch.zeros(features.shape[1], 1, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    train(w, b, features.double(), labels.double(), lr=0.1, batch_size=10, num_epochs=3)
    return w, b
