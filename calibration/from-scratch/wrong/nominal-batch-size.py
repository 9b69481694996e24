"""The step of the short last batch is divided by the nominal batch size."""

# %% marks
# train-checks 2 of 3
# train-hidden 3 of 4


# %% answer train
def train(w, b, features, labels, lr, batch_size, num_epochs):
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).sum().backward()
            sgd([w, b], lr, batch_size)
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return losses
