"""The units are fixed at 34 inches and 327 divisions, so metres and amperes never settle."""

# %% marks
# fit-ohm-checks 3 of 4
# fit-ohm-hidden 4 of 5


# %% answer fit-ohm
def fit_ohm(x, X):
    u, v = x / 34, X / 327
    logs = torch.zeros(2, dtype=X.dtype, requires_grad=True)

    def loss():
        r, w = logs.exp()
        return squared_loss(1 / (r + w * u), v).mean()

    descend(loss, [logs], lr=1.2, num_steps=1500)
    r, w = logs.detach().exp()
    return 327 * 34 / w, r * 34 / w
