"""Adam on another scale of x, a start at the median, explicit loops for the rest."""


# %% answer fit-line
def fit_line(x, y, loss):
    low, high = x.min(), x.max()
    scaled = 2 * (x - low) / (high - low) - 1
    w = torch.zeros((), requires_grad=True)
    b = y.median().clone().requires_grad_()
    optimizer = torch.optim.Adam([w, b], lr=1.0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)
    for _ in range(500):
        optimizer.zero_grad()
        loss(w * scaled + b, y).mean().backward()
        optimizer.step()
        schedule.step()
    slope = 2 * w / (high - low)
    return slope, b - w - slope * low


# %% answer pull
def pull(loss, y_hat, y):
    pulls = torch.empty_like(y_hat)
    flat, labels = y_hat.reshape(-1), y.reshape(-1)
    for i in range(len(flat)):
        prediction = flat[i : i + 1].clone().requires_grad_()
        pulls.view(-1)[i] = torch.autograd.grad(loss(prediction, labels[i : i + 1]), prediction)[0]
    return pulls


# %% answer efficiency
def efficiency(labels):
    squared = torch.tensor([float(row.mean()) for row in labels])
    absolute = torch.tensor([float(row.median()) for row in labels])
    return float(squared.std() ** 2 / absolute.std() ** 2)


# %% answer huber-loss
def huber_loss(y_hat, y, delta):
    residuals = y_hat.reshape(-1) - y.reshape(-1)
    losses = [
        r * r / 2 if abs(r) <= delta else abs(r) * delta - delta * delta / 2 for r in residuals
    ]
    return torch.stack(losses).reshape(y_hat.shape)
