"""clip_gradients gives every gradient the length max_norm, the short ones too."""

# %% marks
# clip-gradients-checks 1 of 2
# clip-gradients-hidden 1 of 2


# %% answer clip-gradients
def clip_gradients(params, max_norm):
    norm = torch.cat([param.grad.flatten() for param in params]).norm()
    for param in params:
        param.grad *= max_norm / norm
