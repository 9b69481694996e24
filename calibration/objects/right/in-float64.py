"""Parameters and data in float64, gradients set to None, the step through .data."""


# %% answer optimizer
class SGD:
    def __init__(self, params, lr):
        self.params = params
        self.lr = lr

    def step(self):
        for param in self.params:
            if param.grad is not None:
                param.data = param.data - self.lr * param.grad

    def zero_grad(self):
        for param in self.params:
            param.grad = None


# %% answer model
class LinearRegressionScratch:
    def __init__(self, num_inputs, lr, sigma=0.01):
        self.lr = lr
        self.w = sigma * torch.randn(num_inputs, 1, dtype=torch.float64)
        self.w.requires_grad_()
        self.b = torch.zeros(1, dtype=torch.float64, requires_grad=True)

    def parameters(self):
        return [self.w, self.b]

    def forward(self, X):
        return X.double() @ self.w + self.b

    def loss(self, y_hat, y):
        residual = (y_hat - y).reshape(-1)
        return residual @ residual / (2 * len(residual))

    def training_step(self, batch):
        return self.loss(self.forward(batch[0]), batch[1])

    def validation_step(self, batch):
        return self.training_step(batch).detach()

    def configure_optimizers(self):
        return SGD([self.w, self.b], lr=self.lr)


# %% answer data
class SyntheticRegressionData(DataModule):
    """Data made from known parameters."""

    def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
        self.w, self.b, self.noise = w, b, noise
        self.num_train, self.num_val, self.batch_size = num_train, num_val, batch_size
        self.X = torch.randn(num_train + num_val, len(w), dtype=torch.float64)
        self.y = self.X @ w.double()[:, None] + b
        self.y += noise * torch.randn_like(self.y)

    def get_dataloader(self, train):
        """Give the minibatches of one pass, training rows in a random order."""
        if train:
            rows = torch.randperm(self.num_train)
        else:
            rows = torch.arange(self.num_train, len(self.X))
        for batch in rows.split(self.batch_size):
            yield self.X[batch], self.y[batch]


# %% answer rate
lr_for_three_epochs = torch.tensor(0.25, dtype=torch.float64)
