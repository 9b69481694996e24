// The mathematics that several figures share: pure functions, in the names of the course.
// Arrays of numbers stand for its tensors; the tests compare with lr_lib and PyTorch.
"use strict";

Explore.mathematics = (() => {
  // X is a list of n rows of d features, w a list of d weights: one prediction for each row.
  const linreg = (X, w, b) => X.map((row) => row.reduce((sum, x, j) => sum + x * w[j], b));

  const squaredLoss = (yHat, y) => yHat.map((prediction, i) => (prediction - y[i]) ** 2 / 2);

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  // Of a symmetric matrix of two rows: the larger eigenvalue first, each with its unit eigenvector.
  function eigen([[a, b], [, d]]) {
    const middle = (a + d) / 2;
    const radius = Math.hypot((a - d) / 2, b);
    const angle = Math.atan2(2 * b, a - d) / 2;
    return [
      { value: middle + radius, vector: [Math.cos(angle), Math.sin(angle)] },
      { value: middle - radius, vector: [-Math.sin(angle), Math.cos(angle)] },
    ];
  }

  // Where a quadratic function lies `height` above its minimum: an ellipse along the
  // eigenvectors, with half axes of √(2 height / eigenvalue). No contour need be searched.
  function contour(minimum, hessian, height) {
    const axes = eigen(hessian).map(({ value, vector }) => {
      const length = Math.sqrt((2 * height) / value);
      return vector.map((coordinate) => coordinate * length);
    });
    return Array.from({ length: 97 }, (_, k) => {
      const angle = (2 * Math.PI * k) / 96;
      return minimum.map((m, j) => m + Math.cos(angle) * axes[0][j] + Math.sin(angle) * axes[1][j]);
    });
  }

  return { linreg, squaredLoss, mean, eigen, contour };
})();
