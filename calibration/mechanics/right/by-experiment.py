"""The limit by halving an interval of rates, and a fit with a loop of its own."""


# %% answer largest-rate
def largest_rate(t_u):
    def diverges(rate):
        w, b = 1.0, 1.0  # labels of zero: the minimum is at w = b = 0
        for _ in range(1000):
            residual = w * mean + b
            w, b = w - 2 * rate * (w * mean_square + b * mean), b - 2 * rate * residual
            if abs(w) + abs(b) > 1e6:
                return True
        return False

    mean, mean_square = float(t_u.mean()), float((t_u**2).mean())
    low, high = 0.0, 2.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(middle) else (middle, high)
    return low


# %% answer fit
def fit(t_u, t_c):
    unit = t_u.abs().mean()
    x, w, b = t_u / unit - 1, 0.0, 0.0
    for _ in range(800):
        residual = w * x + b - t_c
        w, b = w - 0.4 * (residual * x).mean(), b - 0.4 * residual.mean()
    return w / unit, b - w


# %% answer unit
def conversion(freezing, boiling):
    points = torch.tensor([[freezing, 1.0], [boiling, 1.0]], dtype=torch.float64)
    return torch.linalg.solve(points, torch.tensor([0.0, 100.0], dtype=torch.float64))


def identify(t_u, t_c, scales):
    best, least = None, float("inf")
    for name in scales:
        w, b = conversion(*scales[name])
        worst = float((w * t_u + b - t_c).abs().max())
        if worst < least:
            best, least = name, worst
    return best
