"""The gradients are clipped after the step has been taken."""

# %% marks
# trainer-checks 3 of 4
# trainer-hidden 3 of 4


# %% answer trainer
class Trainer:
    """Fits a model to data."""

    def __init__(self, max_epochs, gradient_clip_val=0):
        self.max_epochs = max_epochs
        self.gradient_clip_val = gradient_clip_val

    def prepare_data(self, data):
        self.data = data

    def prepare_model(self, model):
        self.model = model

    def clip_gradients(self, grad_clip_val, model):
        clip_gradients(grad_clip_val, model)  # your function of Question 4

    def fit(self, model, data):
        """Train for max_epochs epochs; val_losses then has one number for each."""
        self.prepare_data(data)
        self.prepare_model(model)
        self.optim = model.configure_optimizers()
        self.train_batch_idx = 0
        self.val_batch_idx = 0
        self.val_losses = []
        for epoch in range(self.max_epochs):
            self.epoch = epoch
            self.fit_epoch()

    def fit_epoch(self):
        """Train on every training batch, then measure on every validation batch."""
        for batch in self.data.train_dataloader():
            loss = self.model.training_step(batch)
            self.optim.zero_grad()
            loss.backward()
            self.optim.step()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.train_batch_idx += 1

        total, num_examples = 0.0, 0
        with torch.no_grad():
            for X, y in self.data.val_dataloader():
                # The step returns a mean; its weight is the number of examples behind it.
                total += self.model.validation_step((X, y)).item() * len(y)
                num_examples += len(y)
                self.val_batch_idx += 1
        self.val_losses.append(total / num_examples)
