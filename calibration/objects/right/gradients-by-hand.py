"""The gradients come from their formula; training_step returns a linear function that has them."""


# %% answer model
class LinearRegressionScratch:
    """Linear regression, with parameters of its own."""

    def __init__(self, num_inputs, lr, sigma=0.01):
        self.lr = lr
        self.w = torch.normal(0.0, sigma, (num_inputs, 1), requires_grad=True)
        self.b = torch.zeros(1, requires_grad=True)

    def parameters(self):
        """Return a list of the parameters."""
        return [self.w, self.b]

    def forward(self, X):
        """Return the predictions, shape (n, 1)."""
        return X @ self.w + self.b

    def loss(self, y_hat, y):
        """Return the mean loss of a minibatch, one number."""
        return ((y_hat - y) ** 2 / 2).mean()

    def training_step(self, batch):
        X, y = batch
        residual = (self.forward(X) - y).detach()
        value = (residual**2).mean() / 2
        # A linear function of the parameters, with this value and the right gradients here.
        for param, gradient in zip(self.parameters(), (X.T @ residual / len(X), residual.mean(0))):
            value = value + (gradient * (param - param.detach())).sum()
        return value

    def validation_step(self, batch):
        return self.training_step(batch).detach()

    def configure_optimizers(self):
        return SGD(self.parameters(), self.lr)


# %% answer rate
lr_for_three_epochs = 1 / 8
