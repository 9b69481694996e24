"""descend forgets to clear the gradients; fit_ohm leaves the steps to PyTorch's Adam."""

# %% marks
# descend-checks 2 of 3
# descend-hidden 0 of 3
# resistance-checks 0 of 3
# resistance-hidden 0 of 4


# %% answer descend
def descend(loss, params, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        value = loss()
        value.backward()
        with torch.no_grad():
            for param in params:
                param -= lr * param.grad
        losses.append(value.item())
    return losses


# %% answer fit-ohm
def fit_ohm(x, X):
    x_unit, X_unit = x.mean(), X.max()
    logs = torch.zeros(2, dtype=X.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([logs], lr=0.05)
    for _ in range(600):
        r, w = logs.exp()
        optimizer.zero_grad()
        squared_loss(1 / (r + w * x / x_unit), X / X_unit).mean().backward()
        optimizer.step()
    r, w = logs.detach().exp()
    return X_unit * x_unit / w, r * x_unit / w
