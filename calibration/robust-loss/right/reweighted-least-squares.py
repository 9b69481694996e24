"""No learning rate: each round solves least squares with weights pull / residual, in float64."""


# %% answer fit-line
def fit_line(x, y, loss):
    x, y = x.double(), y.double()
    X = torch.stack([x, torch.ones_like(x)], 1)
    weights = torch.ones_like(y)
    for _ in range(100):
        w, b = torch.linalg.solve(X.T @ (weights[:, None] * X), X.T @ (weights * y))
        y_hat = (w * x + b).requires_grad_()
        (pulls,) = torch.autograd.grad(loss(y_hat, y).sum(), y_hat)
        weights = pulls.abs() / (y_hat - y).detach().abs().clamp(min=1e-6)
        weights = weights.clamp(min=1e-9)
    return w, b


# %% answer phone-calls
def outliers(x, y, w, b, factor=5):
    residual = w * x + b - y
    return torch.abs(residual) / torch.quantile(residual.abs(), 0.5) > factor


def phone_calls(year, calls):
    w, b = fit_line(year - 1950, calls, absolute_loss)
    odd = outliers(year - 1950, calls, w, b)
    return float(w), float(b), [int(y) for y, flag in zip(year, odd) if flag]
