"""torch.autograd.grad instead of backward, and PyTorch's own optimizers for the fits."""


# %% answer descend
def descend(loss, params, lr, num_steps):
    record = []
    for _ in range(num_steps):
        value = loss()
        gradients = torch.autograd.grad(value, params)
        for param, gradient in zip(params, gradients):
            param.data.sub_(lr * gradient)
        record.append(float(value.detach()))
    return record


# %% answer resistance
def fit_resistance(current, voltage):
    unit = current.max()
    R, V0 = (torch.zeros((), dtype=voltage.dtype, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([R, V0], lr=0.5, momentum=0.8)
    for _ in range(300):
        optimizer.zero_grad()
        squared_loss(R * current / unit + V0, voltage).mean().backward()
        optimizer.step()
    return (1000 * R / unit).item(), V0.item()


# %% answer fit-ohm
def fit_ohm(x, X):
    """Descend in the logarithms, which keeps a and b positive."""
    x_unit, X_unit = x.mean(), X.max()
    logs = torch.zeros(2, dtype=X.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([logs], lr=0.05)
    for _ in range(600):
        a, b = logs.exp()
        optimizer.zero_grad()
        squared_loss(a / (b + x / x_unit), X / X_unit).mean().backward()
        optimizer.step()
    a, b = logs.exp().tolist()
    return a * float(x_unit * X_unit), b * float(x_unit)
