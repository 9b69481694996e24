"""clip_gradients limits each number of the gradient, which changes its direction."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(params, max_norm):
    for param in params:
        param.grad.clamp_(-max_norm, max_norm)
