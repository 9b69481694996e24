"""The least squares line from its formula, power iteration for the limit, a step in no_grad."""


# %% answer training-loop
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_detail=True):
    params = params.clone()
    with torch.no_grad():
        for epoch in range(1, n_epochs + 1):
            t_p = params[0] * t_u + params[1]
            residual = t_p - t_c
            grad = 2 * torch.stack([(residual * t_u).mean(), residual.mean()])
            if print_detail and epoch in (1, 2, 3, 1000, 2000, 3000, 4000, 5000):
                print(f"{epoch:5d} {loss_fn(t_p, t_c).item():10.4f}", params.numpy(), grad.numpy())
            params.sub_(grad, alpha=learning_rate)
    return params


# %% answer largest-rate
def largest_rate(t_u):
    features = torch.stack([t_u, torch.ones_like(t_u)], 1)
    hessian = 2 * features.T @ features / len(features)
    v = hessian.sum(1)
    for _ in range(100):
        v = hessian @ v
        v = v / v.norm()
    return 2 / (v @ hessian @ v)


# %% answer fit
def fit(t_u, t_c):
    x = t_u - t_u.mean()
    w = (x * t_c).sum() / (x * x).sum()
    return w, t_c.mean() - w * t_u.mean()
