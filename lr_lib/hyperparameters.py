"""What all classes of the chapter on objects are made from: arguments that they keep.

The names are those of Zhang, Lipton, Li and Smola, *Dive into Deep Learning* (2023).
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Defined = TypeVar("Defined")


def add_to_class(Class: type) -> Callable[[Defined], Defined]:
    """Make a decorator that adds a function to a class that exists already.

    It is for trying things out in a notebook. Instances made earlier have the new method,
    too. Code that is to stay belongs into the definition of the class.

    Args:
        Class: The class to which the decorated function is added, under its own name.
    """

    def decorate(function: Defined) -> Defined:
        setattr(Class, function.__name__, function)  # type: ignore[attr-defined]
        return function

    return decorate


class HyperParameters:
    """A base class whose instances can keep the arguments that they were made with."""

    hparams: dict[str, Any]

    def save_hyperparameters(self, ignore: Sequence[str] = ()) -> None:
        """Set an attribute for each argument of the function that calls this.

        Call it from ``__init__``. The arguments also go into the dictionary ``hparams``,
        with the values that their names have at that moment. Arguments that arrive in
        ``*args`` or ``**kwargs`` are left out.

        Args:
            ignore: Names of arguments not to keep.
        """
        ignore = [ignore] if isinstance(ignore, str) else ignore
        caller = inspect.currentframe().f_back  # type: ignore[union-attr]
        names, _, _, values = inspect.getargvalues(caller)  # type: ignore[arg-type]
        self.hparams = {name: values[name] for name in names[1:] if name not in ignore}
        for name, value in self.hparams.items():
            setattr(self, name, value)
