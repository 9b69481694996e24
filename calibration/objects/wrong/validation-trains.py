"""The second loop is a copy of the first, and takes steps on the validation data."""

# %% marks
# trainer-checks 3 of 4
# trainer-hidden 2 of 4
# epochs-checks 1 of 2
# epochs-hidden 1 of 2


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
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.optim.step()
            self.train_batch_idx += 1

        total, num_examples = 0.0, 0
        for X, y in self.data.val_dataloader():
            loss = self.model.validation_step((X, y))
            self.optim.zero_grad()
            loss.backward()
            self.optim.step()
            total += loss.item() * len(y)
            num_examples += len(y)
            self.val_batch_idx += 1
        self.val_losses.append(total / num_examples)
