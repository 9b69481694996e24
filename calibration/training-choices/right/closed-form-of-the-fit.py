"""Nothing is trained: the fit is known, and the moments give the loss."""


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    shift = y_hat.mean() - labels.mean()
    return (y_hat.var(correction=0) + labels.var(correction=0) + shift**2) / 2


def broadcast_fit(features, labels):
    return torch.zeros(features.shape[1], 1), labels.mean().reshape(1)


def least_broadcast_loss(labels):
    return labels.var(correction=0).item() / 2
