"""Linear regression from scratch: the library that the notebooks of the course import.

The chapters build these functions and classes one by one. The copies here do the
same and also check their arguments. The plots are in ``lr_lib.plotting``, which is
imported separately because it needs matplotlib. ``set_language("zh")`` makes all messages
Chinese.
"""

from lr_lib.data_modules import DataModule, SyntheticRegressionData, TensorLoader
from lr_lib.functional import data_iter, linreg, sgd, squared_loss, synthetic_data
from lr_lib.hyperparameters import HyperParameters, add_to_class
from lr_lib.language import set_language
from lr_lib.models import SGD, LinearRegression, LinearRegressionScratch, Module
from lr_lib.progress import ProgressBoard
from lr_lib.trainer import Trainer
from lr_lib.training import DivergenceError, TrainingRecord, train

__all__ = [
    "SGD",
    "DataModule",
    "DivergenceError",
    "HyperParameters",
    "LinearRegression",
    "LinearRegressionScratch",
    "Module",
    "ProgressBoard",
    "SyntheticRegressionData",
    "TensorLoader",
    "Trainer",
    "TrainingRecord",
    "add_to_class",
    "data_iter",
    "linreg",
    "set_language",
    "sgd",
    "squared_loss",
    "synthetic_data",
    "train",
]
