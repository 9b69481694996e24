// The mathematics that several figures share: pure functions, in the names of the course.
// Arrays of numbers stand for its tensors; the tests compare with lr_lib and PyTorch.
"use strict";

Explore.mathematics = (() => {
  // One feature: the prediction is w x + b for each x.
  const linreg = (x, w, b) => x.map((value) => w * value + b);

  const squaredLoss = (yHat, y) => yHat.map((prediction, i) => (prediction - y[i]) ** 2 / 2);

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  return { linreg, squaredLoss, mean };
})();
