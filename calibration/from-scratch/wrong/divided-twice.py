"""The loop takes the mean of the losses, and sgd divides by the batch size once more."""

# %% marks
# train-checks 1 of 3
# train-hidden 1 of 4
# recover-checks 0 of 2
# recover-hidden 0 of 4


# %% answer train
def train(w, b, features, labels, lr, batch_size, num_epochs):
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            squared_loss(linreg(X, w, b), y).mean().backward()
            sgd([w, b], lr, len(X))
        with torch.no_grad():
            losses.append(squared_loss(linreg(features, w, b), labels).mean().item())
    return losses
