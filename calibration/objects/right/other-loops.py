"""Lists instead of generators, gradients cleared after the step, one fit for all epochs."""


# %% answer data
class SyntheticRegressionData(DataModule):
    def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
        self.num_train, self.batch_size = num_train, batch_size
        self.X = torch.normal(0.0, 1.0, (num_train + num_val, len(w)))
        self.y = torch.normal((self.X * w).sum(1, keepdim=True) + b, noise)

    def get_dataloader(self, train):
        X, y = self.X[self.num_train :], self.y[self.num_train :]
        if train:
            order = torch.rand(self.num_train).argsort()
            X, y = self.X[order], self.y[order]
        return list(zip(X.split(self.batch_size), y.split(self.batch_size)))


# %% answer clip-gradients
def clip_gradients(grad_clip_val, model):
    params = [param for param in model.parameters() if param.grad is not None]
    norm = math.sqrt(sum(float((param.grad**2).sum()) for param in params))
    factor = min(1.0, grad_clip_val / norm)
    for param in params:
        param.grad = param.grad * factor


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
            self.train_batch_idx += 1
            self.model.training_step(batch).backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.optim.step()
            self.optim.zero_grad()

        losses, sizes = [], []
        with torch.no_grad():
            for batch in self.data.val_dataloader():
                losses.append(self.model.validation_step(batch))
                sizes.append(batch[0].shape[0])
        self.val_batch_idx += len(losses)
        weights = torch.tensor(sizes) / sum(sizes)
        self.val_losses.append((torch.stack(losses) * weights).sum())


# %% answer epochs
def predict_epochs(start_error, tolerance, lr, num_train, batch_size):
    error, epochs = start_error, 0
    while error >= tolerance:
        for _ in range(0, num_train, batch_size):
            error *= 1 - lr
        epochs += 1
    return epochs


def measure_epochs(data, lr, tolerance, max_epochs=50):
    class Watching(Trainer):
        """Looks at the errors after each epoch of a single fit."""

        reached = None

        def fit_epoch(self):
            super().fit_epoch()
            with torch.no_grad():
                errors = torch.cat([self.model.w[:, 0] - data.w, self.model.b - data.b])
            if self.reached is None and bool((errors.abs() < tolerance).all()):
                self.reached = self.epoch + 1

    trainer = Watching(max_epochs)
    trainer.fit(LinearRegressionScratch(data.w.numel(), lr), data)
    return trainer.reached
