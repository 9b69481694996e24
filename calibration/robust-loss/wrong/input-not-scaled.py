"""fit_line trains on x as it comes, with one constant learning rate for both parameters."""

# %% marks
# fit-line-checks 0 of 4
# fit-line-hidden 0 of 4
# phone-calls-checks 1 of 2
# phone-calls-hidden 1 of 2


# %% answer fit-line
def fit_line(x, y, loss):
    w, b = torch.zeros(1, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(300):
        loss(x.reshape(-1, 1) @ w + b, y).sum().backward()
        sgd([w, b], lr=1.0, batch_size=len(x))
    return w.item(), b.item()
