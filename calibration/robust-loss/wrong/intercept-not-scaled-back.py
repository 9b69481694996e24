"""fit_line divides the slope by the scale but returns the height at the mean of x for b."""

# %% marks
# fit-line-checks 2 of 4
# fit-line-hidden 0 of 4
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer fit-line
def fit_line(x, y, loss):
    centre, scale = x.mean(), x.std(correction=0)
    features = ((x - centre) / scale).reshape(-1, 1)
    w = torch.zeros(1, 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for step in range(300):
        loss(linreg(features, w, b), y).sum().backward()
        sgd([w, b], lr=0.98**step, batch_size=len(x))
    return w.item() / scale.item(), b.item()
