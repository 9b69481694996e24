"""The training of any model on any data, as the chapter on objects builds it.

Names, arguments and defaults are those of the library of Zhang, Lipton, Li and Smola,
*Dive into Deep Learning* (2023), so a listing written for it runs with
``import lr_lib as d2l``. Four differences are intended. The optimizer steps where no
gradients are recorded. The validation loss is the mean over all examples, whatever the
sizes of the batches. Gradients are clipped by their joint norm. A loss that is not finite
ends the training.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import torch
from torch import Tensor, nn

from lr_lib.arguments import (
    NotNegative,
    PositiveWhole,
    Whole,
    checked,
    gradients_recorded,
    kind,
)
from lr_lib.data_modules import DataModule
from lr_lib.hyperparameters import HyperParameters
from lr_lib.language import either
from lr_lib.models import Module


def _model_and_data(model: Any, data: Any) -> None:
    for name, value, base in (("model", model, Module), ("data", data, DataModule)):
        if not isinstance(value, base):
            of_type, expected = type(value).__name__, base.__name__
            raise TypeError(
                either(
                    f"{name} is of type {of_type}; expected an instance of a class made from "
                    f"lr_lib.{expected}. The order is fit(model, data).",
                    f"{name}为{of_type}类型，应为lr_lib.{expected}或其子类的实例。"
                    "参数的顺序是fit(model, data)。",
                )
            )


def _batches_to_count(data: DataModule) -> None:
    for name in ("train_dataloader", "val_dataloader"):
        loader = getattr(data, name)()
        if not (_countable(loader) or (loader is None and name == "val_dataloader")):
            raise TypeError(
                either(
                    f"data.{name}() gives {kind(loader)}, which has no length; expected "
                    "minibatches that can be counted and gone through again, from "
                    "get_tensorloader or a torch.utils.data.DataLoader. A generator can be gone "
                    "through only once.",
                    f"data.{name}()返回{kind(loader)}，它没有长度。小批量应能计数并能反复遍历，"
                    "例如来自get_tensorloader或torch.utils.data.DataLoader。"
                    "生成器只能遍历一次。",
                )
            )
        if name == "train_dataloader" and len(loader) == 0:
            raise ValueError(
                either(
                    "data.train_dataloader() has no batches; expected at least one.",
                    "data.train_dataloader()中没有小批量，应至少有一个。",
                )
            )


def _countable(loader: Any) -> bool:
    try:  # a DataLoader over an IterableDataset only seems to have a length
        len(loader)
    except TypeError:
        return False
    return True


def _has_gradients(name: str, model: nn.Module) -> None:
    if all(param.grad is None for param in model.parameters()):
        raise ValueError(
            either(
                f"none of {name}.parameters() has a gradient, so there is nothing to clip. In a "
                "model, write self.w = nn.Parameter(w); a plain tensor is not among its "
                "parameters().",
                f"{name}.parameters()中没有一个参数有梯度，无从裁剪。请在模型中写"
                "self.w = nn.Parameter(w)，普通张量不在模型的parameters()之中。",
            )
        )


class Trainer(HyperParameters):
    """Fits a model to data through a few methods of the two.

    Attributes:
        epoch: The current epoch, counted from 0.
        train_batch_idx: Training batches gone through since ``fit`` began.
        val_batch_idx: Validation batches gone through since ``fit`` began.
        num_train_batches: Training batches in one epoch.
        num_val_batches: Validation batches in one epoch.
        val_losses: For each epoch, the mean validation loss over all examples, if
            ``validation_step`` of the model returns losses.

    Args:
        max_epochs: Passes over the training data.
        num_gpus: 0 trains on the CPU, 1 or more on the first GPU, if there is one.
        gradient_clip_val: Largest joint norm of the gradients of a step, where 0 sets no limit.

    Raises:
        TypeError, ValueError: An argument is not as above.
        RuntimeError: In ``fit``, the loss of a training batch is not finite.
    """

    max_epochs: int
    num_gpus: int
    gradient_clip_val: float
    val_losses: list[float]

    @checked()
    def __init__(
        self,
        max_epochs: PositiveWhole,
        num_gpus: Whole = 0,
        gradient_clip_val: NotNegative = 0,
    ) -> None:
        self.save_hyperparameters()
        found = min(num_gpus, torch.cuda.device_count())
        self.gpus = [torch.device("cuda", i) for i in range(found)]

    @checked(_model_and_data, gradients_recorded("fit"), _batches_to_count)
    def fit(self, model: Module, data: DataModule) -> None:
        """Train the model from the parameters that it has, and validate after each epoch."""
        self.prepare_data(data)
        self.prepare_model(model)
        self.optim = model.configure_optimizers()
        self.train_batch_idx = self.val_batch_idx = 0
        self.val_losses = []
        for epoch in range(self.max_epochs):
            self.epoch = epoch
            self.fit_epoch()
        model.board.finish()

    def prepare_data(self, data: DataModule) -> None:
        """Ask the data for their minibatches, and count them."""
        self.train_dataloader = data.train_dataloader()
        self.val_dataloader = data.val_dataloader() or ()
        self.num_train_batches = len(self.train_dataloader)
        self.num_val_batches = len(self.val_dataloader)

    def prepare_model(self, model: Module) -> None:
        """Give the trainer and the model to each other, and clear the board."""
        model.trainer = self
        model.board.clear()
        model.board.xlabel, model.board.xlim = "epoch", (0, self.max_epochs)
        self.model = model.to(self.gpus[0]) if self.gpus else model

    def prepare_batch(self, batch: Sequence[Tensor]) -> Sequence[Tensor]:
        """Move a batch to the device of the model."""
        return [tensor.to(self.gpus[0]) for tensor in batch] if self.gpus else batch

    def fit_epoch(self) -> None:
        """Take a step for every training batch, then validate."""
        self.model.train()
        for batch in self.train_dataloader:
            self.examples_in_batch = len(batch[-1])
            loss = self.model.training_step(self.prepare_batch(batch))
            if not loss.isfinite().all():
                raise RuntimeError(
                    either(
                        f"training diverged: the loss of training batch "
                        f"{self.train_batch_idx} is not finite. Try a learning rate 10 "
                        "times smaller, or scale the features.",
                        f"训练发散：训练批次{self.train_batch_idx}的损失不是有限值。"
                        "请将学习率除以10，或者缩放特征。",
                    )
                )
            self.optim.zero_grad()
            loss.backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            with torch.no_grad():  # an optimizer of the reader's own may lack it
                self.optim.step()
            self.train_batch_idx += 1
        self.validate()

    def validate(self) -> None:
        """Go through the validation batches, and keep the mean loss over all examples."""
        self.model.eval()
        total, num_examples = 0.0, 0
        for batch in self.val_dataloader:
            self.examples_in_batch = len(batch[-1])
            with torch.no_grad():
                loss = self.model.validation_step(self.prepare_batch(batch))
            if loss is not None:  # a model may only draw
                total += float(loss) * self.examples_in_batch
                num_examples += self.examples_in_batch
            self.val_batch_idx += 1
        if num_examples > 0:
            self.val_losses.append(total / num_examples)

    @checked()
    def clip_gradients(
        self, grad_clip_val: NotNegative, model: Annotated[nn.Module, _has_gradients]
    ) -> None:
        """Scale the gradients of all parameters by one factor, to a joint norm of at most
        ``grad_clip_val``."""
        nn.utils.clip_grad_norm_(model.parameters(), grad_clip_val)
