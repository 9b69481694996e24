"""Each number is clipped to the limit, instead of the length of the whole gradient."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(grad_clip_val, model):
    for param in model.parameters():
        if param.grad is not None:
            param.grad.clamp_(-grad_clip_val, grad_clip_val)
