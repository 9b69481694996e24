"""The labels are reshaped after all, so the pairs are gone and the fit is the usual one."""

# %% marks
# broadcast-checks 1 of 3
# broadcast-hidden 1 of 2


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    return squared_loss(y_hat, labels).mean()


def broadcast_fit(features, labels):
    w = torch.zeros(features.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(100):
        broadcast_loss(linreg(features, w, b), labels).backward()
        sgd([w, b], 0.5, 1)
    return w, b


def least_broadcast_loss(labels):
    return labels.var(correction=0) / 2
