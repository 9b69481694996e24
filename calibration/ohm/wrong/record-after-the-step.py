"""descend records the loss after each step instead of before it, as tensors."""

# %% marks
# descend-checks 2 of 3
# descend-hidden 2 of 3


# %% answer descend
def descend(loss, params, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss().backward()
        sgd(params, lr, 1)
        losses.append(loss().detach())
    return losses
