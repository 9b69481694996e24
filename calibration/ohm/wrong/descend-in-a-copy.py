"""descend gives the name of the parameter to a new tensor, so the model never learns."""

# %% marks
# descend-checks 0 of 3
# descend-hidden 0 of 3
# resistance-checks 0 of 3
# resistance-hidden 0 of 4
# fit-ohm-checks 0 of 4
# fit-ohm-hidden 0 of 5
# predict-checks 0 of 2
# predict-hidden 0 of 2


# %% answer descend
def descend(loss, params, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        value = loss()
        value.backward()
        for param in params:
            param = param - lr * param.grad
        losses.append(value.item())
    return losses
