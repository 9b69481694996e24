"""clip_gradients clips the gradient of each parameter by its own length."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(params, max_norm):
    for param in params:
        norm = param.grad.norm()
        if norm > max_norm:
            param.grad *= max_norm / norm
