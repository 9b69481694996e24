"""Lists and loops of Python, and the quadratic formula for the eigenvalue."""


# %% answer model
def model(t_u, w, b):
    return torch.tensor([float(w) * t + float(b) for t in t_u.tolist()])


def loss_fn(t_p, t_c):
    return sum((p - c) ** 2 for p, c in zip(t_p.tolist(), t_c.tolist())) / len(t_p)


# %% answer gradient
def grad_fn(t_u, t_c, t_p, w, b):
    by_w = by_b = 0.0
    for u, c, p in zip(t_u.tolist(), t_c.tolist(), t_p.tolist()):
        by_w += 2 * (p - c) * u
        by_b += 2 * (p - c)
    return torch.tensor([by_w / len(t_u), by_b / len(t_u)])


# %% answer training-loop
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_detail=True):
    w, b = params.tolist()
    for epoch in range(n_epochs):
        t_p = model(t_u, w, b)
        by_w, by_b = grad_fn(t_u, t_c, t_p, w, b).tolist()
        if print_detail and (epoch < 3 or (epoch + 1) % 1000 == 0):
            print("Epoch", epoch + 1, "Loss", loss_fn(t_p, t_c))
            print("    Params:", w, b)
            print("    Grad:", by_w, by_b)
        w, b = w - learning_rate * by_w, b - learning_rate * by_b
    return torch.tensor([w, b])


# %% answer largest-rate
def largest_rate(t_u):
    mean, mean_square = t_u.mean().item(), t_u.square().mean().item()
    half_trace, determinant = mean_square + 1, 4 * (mean_square - mean**2)
    return 2 / (half_trace + (half_trace**2 - determinant) ** 0.5)
