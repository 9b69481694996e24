"""Each gradient is clipped by its own norm, which turns the direction of the step."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(grad_clip_val, model):
    for param in model.parameters():
        if param.grad is not None and param.grad.norm() > grad_clip_val:
            param.grad *= grad_clip_val / param.grad.norm()
