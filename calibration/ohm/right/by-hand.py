"""No automatic differentiation in the fits: gradients and second derivatives on paper."""


# %% answer resistance
def fit_resistance(current, voltage):
    w, b, x = 0.0, 0.0, current / current.max()
    for _ in range(1000):
        residual = w * x + b - voltage
        w, b = w - 0.8 * (residual * x).mean(), b - 0.8 * residual.mean()
    return 1000 * w / current.max(), b


# %% answer curvature
def curvature(x, X, a, b):
    z = 1 / (b + x)
    residual = a * z - X
    aa = (z**2).mean().item()
    ab = (-a * z**3 - residual * z**2).mean().item()
    bb = (a**2 * z**4 + 2 * a * residual * z**3).mean().item()
    largest = (aa + bb + math.hypot(aa - bb, 2 * ab)) / 2
    smallest = (aa * bb - ab**2) / largest  # the determinant is the product of both
    steps = math.log(0.01) / math.log(1 - smallest / largest)
    return 2 / largest, largest / smallest, round(steps)


# %% answer fit-ohm
def fit_ohm(x, X):
    """Gradient descent in a and b themselves, in the units of the data."""
    x_unit, X_unit = float(x.mean()), float(X.max())
    u, v = x / x_unit, X / X_unit
    a, b = torch.tensor(1.0), torch.tensor(1.0)
    velocity_a, velocity_b = 0.0, 0.0
    for _ in range(800):
        z = 1 / (b + u)
        residual = a * z - v
        velocity_a = 0.9 * velocity_a - 0.3 * (residual * z).mean()
        velocity_b = 0.9 * velocity_b + 0.3 * (residual * a * z**2).mean()
        a, b = a + velocity_a, b + velocity_b
    return a * x_unit * X_unit, b * x_unit


# %% answer predict
def predict(x, X, lengths):
    """By the resistance of the circuit, which is a straight line in the length."""
    a, b = fit_ohm(x, X)
    slope, rest = 1 / a, b / a
    return torch.stack([1 / (rest + slope * length) for length in lengths])
