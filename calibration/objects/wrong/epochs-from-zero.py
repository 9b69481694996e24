"""The measured epochs are counted from 0, and the prediction forgets the short last batch."""

# %% marks
# epochs-checks 0 of 2
# epochs-hidden 0 of 2


# %% answer epochs
def predict_epochs(start_error, tolerance, lr, num_train, batch_size):
    """Return the smallest number of epochs that is predicted to reach the tolerance."""
    steps_per_epoch = num_train // batch_size
    steps = math.log(tolerance / start_error) / math.log(1 - lr)
    # The next whole number above, even if the tolerance is met exactly: "smaller" is asked.
    return math.floor(steps / steps_per_epoch) + 1


def measure_epochs(data, lr, tolerance, max_epochs=50):
    """Return the first epoch after which all errors are below the tolerance, or None."""
    model = LinearRegressionScratch(len(data.w), lr)
    trainer = Trainer(max_epochs=1)
    for epoch in range(max_epochs):
        trainer.fit(model, data)
        w_error = (model.w.detach().reshape(-1) - data.w).abs().max()
        b_error = (model.b.detach() - data.b).abs().max()
        if max(w_error, b_error) < tolerance:
            return epoch
    return None
