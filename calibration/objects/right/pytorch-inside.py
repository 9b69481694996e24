"""Parameters of PyTorch, its data loader, its clipping, its inference mode."""


# %% answer optimizer
class SGD:
    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    @torch.no_grad()
    def step(self):
        for param in self.params:
            if param.grad is not None:
                param.add_(param.grad, alpha=-self.lr)

    def zero_grad(self):
        for param in self.params:
            param.grad = None


# %% answer model
class LinearRegressionScratch(torch.nn.Module):
    def __init__(self, num_inputs, lr, sigma=0.01):
        super().__init__()
        self.lr = lr
        self.w = torch.nn.Parameter(sigma * torch.randn(num_inputs, 1))
        self.b = torch.nn.Parameter(torch.zeros(1))

    def forward(self, X):
        return torch.nn.functional.linear(X, self.w.T, self.b)

    def loss(self, y_hat, y):
        return torch.nn.functional.mse_loss(y_hat, y) / 2

    def training_step(self, batch):
        return self.loss(self(batch[0]), batch[1])

    @torch.no_grad()
    def validation_step(self, batch):
        return self.training_step(batch)

    def configure_optimizers(self):
        return SGD(self.parameters(), self.lr)


# %% answer data
class SyntheticRegressionData(DataModule):
    def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
        self.w, self.b, self.num_train, self.batch_size = w, b, num_train, batch_size
        self.X, self.y = synthetic_data(w, b, num_train + num_val, noise=noise)

    def get_dataloader(self, train):
        rows = slice(self.num_train) if train else slice(self.num_train, None)
        dataset = torch.utils.data.TensorDataset(self.X[rows], self.y[rows])
        return torch.utils.data.DataLoader(dataset, self.batch_size, shuffle=train)


# %% answer clip-gradients
def clip_gradients(grad_clip_val, model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), grad_clip_val)


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
        with torch.inference_mode():
            for X, y in self.data.val_dataloader():
                # The step returns a mean; its weight is the number of examples behind it.
                total += self.model.validation_step((X, y)).item() * len(y)
                num_examples += len(y)
                self.val_batch_idx += 1
        self.val_losses.append(total / num_examples)
