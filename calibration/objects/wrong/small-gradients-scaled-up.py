"""Every gradient gets the length of the limit, the small ones too."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(grad_clip_val, model):
    gradients = [param.grad for param in model.parameters() if param.grad is not None]
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    for gradient in gradients:
        gradient *= grad_clip_val / norm
