"""The loop walks up the gradient."""

# %% marks
# training-loop-checks 2 of 4
# training-loop-hidden 1 of 3
# fit-checks 0 of 2
# fit-hidden 0 of 3


# %% answer training-loop
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_detail=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        if print_detail and (epoch <= 3 or epoch % 1000 == 0):
            print(epoch, float(loss_fn(t_p, t_c)), params, grad)
        params = params + learning_rate * grad
    return params
