"""Everything in float64, with numbers that are tensors, NumPy's or Python's."""


# %% answer initial-weights
def weights_of_std(d, std):
    w = torch.empty(d, 1, dtype=torch.float64).normal_(0.0, std)
    return w.requires_grad_()


def weights_of_variance(d, variance):
    return torch.nn.Parameter(torch.randn(d, 1, dtype=torch.float64) * variance**0.5)


# %% answer predict-epochs
def predict_epochs(start_loss, target, lr, eigenvalue):
    ratio = torch.tensor(target / start_loss, dtype=torch.float64)
    factor = torch.tensor(1 - lr * eigenvalue, dtype=torch.float64) ** 2
    return torch.ceil(ratio.log() / factor.log()).clamp(min=0)


# %% answer stable-lr
def largest_eigenvalue(features):
    A = torch.nn.functional.pad(features.double(), (0, 1), value=1.0)
    return torch.linalg.svdvals(A).max().square().numpy() / len(A)


def largest_stable_lr(features):
    return float(2 / largest_eigenvalue(features))


# %% answer find-limit
def diverges(features, labels, lr):
    A = torch.nn.functional.pad(features.double(), (0, 1), value=1.0)
    params = torch.zeros(A.shape[1], 1, dtype=torch.float64)
    for _ in range(500):
        params = params - lr * A.mT @ (A @ params - labels.double()) / len(A)
    loss = (A @ params - labels.double()).square().mean()
    return torch.logical_not(loss < labels.double().square().mean())


def find_limit(unstable, low, high):
    low, high = torch.tensor([low, high], dtype=torch.float64)
    for _ in range(30):
        middle = (low + high) / 2
        if unstable(middle):
            high = middle
        else:
            low = middle
    return high


# %% answer broadcast
def broadcast_loss(y_hat, labels):
    pairs = torch.cartesian_prod(y_hat.double().flatten(), labels.double())
    return pairs.diff(dim=1).square().mean() / 2


def broadcast_fit(features, labels):
    w = torch.randn(features.shape[1], 1, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.3)
    for _ in range(200):
        optimizer.zero_grad()
        ((features.double() @ w + b - labels.double()) ** 2 / 2).mean().backward()
        optimizer.step()
    return w, b


def least_broadcast_loss(labels):
    return (labels.double().square().mean() - labels.double().mean() ** 2) / 2
