"""Everything in float64, and a Huber loss with a threshold of 1 for the telephone calls."""


# %% answer fit-line
def fit_line(x, y, loss):
    x, y = x.double(), y.double()
    scaled = (x - x.mean()) / x.std()
    w, b = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    for step in range(600):
        gradients = torch.autograd.grad(loss(w * scaled + b, y).mean(), (w, b))
        with torch.no_grad():
            for param, gradient in zip((w, b), gradients):
                param -= 0.99**step * gradient
    slope = w / x.std()
    return slope.item(), (b - slope * x.mean()).item()


# %% answer phone-calls
def outliers(x, y, w, b, factor=5):
    sizes = (y.double() - w * x.double() - b).abs()
    return (sizes > factor * sizes.median()).numpy()


def phone_calls(year, calls):
    def loss(y_hat, y):
        return huber_loss(y_hat, y, 1.0)

    w, b = fit_line(year - 1950, calls, loss)
    return w, b, year[torch.as_tensor(outliers(year - 1950, calls, w, b))]
