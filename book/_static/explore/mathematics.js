// The mathematics that several figures share: pure functions, in the names of the course.
// Arrays of numbers stand for its tensors; the tests compare with lr_lib and PyTorch.
"use strict";

Explore.mathematics = (() => {
  // X is a list of n rows of d features, w a list of d weights: one prediction for each row.
  const linreg = (X, w, b) => X.map((row) => row.reduce((sum, x, j) => sum + x * w[j], b));

  const squaredLoss = (yHat, y) => yHat.map((prediction, i) => (prediction - y[i]) ** 2 / 2);

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  return { linreg, squaredLoss, mean };
})();
