"""torch.func gives the gradients; the parameters get them by hand."""


# %% answer train
def train(w, b, features, labels, lr, batch_size, num_epochs):
    def total(parameters, X, y):
        return squared_loss(linreg(X, *parameters), y).sum()

    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            gradients = torch.func.grad(total)((w.detach(), b.detach()), X, y)
            w.grad, b.grad = gradients
            sgd((w, b), lr, X.shape[0])
        losses.append(float(total((w, b), features, labels)) / len(features))
    return losses


# %% answer sgd
def sgd(params, lr, batch_size):
    for param in params:
        param.data.sub_(param.grad, alpha=lr / batch_size)
        param.grad = None
