// Descend: walk down the mean squared loss over two weights, step by step. The reader chooses
// the start, the learning rate and the batch size.
//
// The data are of the kind of the chapter on sgd: the second feature has twice the scale of
// the first, so that the loss is a valley, and the bias is held at its true value, here 0.
"use strict";

Explore.descend = (() => {
  const { linreg, squaredLoss, mean, eigen } = Explore.mathematics;
  const TRUE_W = [2, -3.4];
  const NUM_EXAMPLES = 32;

  function dataset() {
    const random = Explore.random(7);
    const X = Array.from({ length: NUM_EXAMPLES }, () => [random.normal(), 2 * random.normal()]);
    const y = linreg(X, TRUE_W, 0).map((label) => label + random.normal());
    return { X, y };
  }

  const data = dataset();
  const everyExample = data.y.map((_, i) => i);
  const pick = (values, batch) => batch.map((i) => values[i]);

  function meanLoss(w, batch = everyExample) {
    return mean(squaredLoss(linreg(pick(data.X, batch), w, 0), pick(data.y, batch)));
  }

  // The gradient of the mean loss of a batch.
  function gradient(w, batch = everyExample) {
    const X = pick(data.X, batch);
    const residuals = linreg(X, w, 0).map((yHat, k) => yHat - data.y[batch[k]]);
    return [0, 1].map((j) => mean(residuals.map((residual, k) => residual * X[k][j])));
  }

  // XᵀX / n of a batch.
  function hessian(batch = everyExample) {
    const X = pick(data.X, batch);
    return [0, 1].map((i) => [0, 1].map((j) => mean(X.map((x) => x[i] * x[j]))));
  }

  // Gradient descent converges exactly for learning rates between 0 and this one.
  const limit = (batch) => 2 / eigen(hessian(batch))[0].value;

  // Newton's method finds the minimum of a quadratic function in one step.
  function minimum() {
    const [g1, g2] = gradient([0, 0]);
    const [[a, b], [, d]] = hessian();
    const determinant = a * d - b * b;
    return [-(d * g1 - b * g2) / determinant, -(a * g2 - b * g1) / determinant];
  }

  function sgd(w, lr, batch) {
    const slope = gradient(w, batch);
    return w.map((weight, j) => weight - lr * slope[j]);
  }

  // Batches without end: each epoch in a fresh order, the orders always the same.
  function* batches(batchSize) {
    const random = Explore.random(1);
    for (;;) {
      // The full batch has no order, and its sum should not depend on one.
      const order = batchSize === NUM_EXAMPLES ? everyExample : random.permutation(NUM_EXAMPLES);
      for (let i = 0; i < NUM_EXAMPLES; i += batchSize) yield order.slice(i, i + batchSize);
    }
  }

  // How far, in root mean square over all batches of a size, a step from w ends from the step
  // of the full batch. A batch is drawn without replacement, hence the factor (n - B) / (n - 1).
  function scatter(w, lr, batchSize) {
    const n = NUM_EXAMPLES;
    const full = gradient(w);
    const squares = everyExample.map((i) => {
      const [g1, g2] = gradient(w, [i]);
      return (g1 - full[0]) ** 2 + (g2 - full[1]) ** 2;
    });
    return lr * Math.sqrt((mean(squares) / batchSize) * ((n - batchSize) / (n - 1)));
  }

  return { NUM_EXAMPLES, data, meanLoss, gradient, hessian, limit, minimum, sgd, batches, scatter };
})();

Explore.add("descend", {
  words: {
    surface: { en: "Contours of the mean loss over two weights, with the path", zh: "平均损失随两个权重变化的等高线，以及路径" },
    curve: { en: "The mean loss after each step", zh: "每步之后的平均损失" },
    start: { en: "start", zh: "起点" },
    least: { en: "minimum", zh: "最小值" },
    loss: { en: "mean loss", zh: "平均损失" },
    steps: { en: "step", zh: "步数" },
    rate: { en: "learning rate", zh: "学习率" },
    batch: { en: "batch size", zh: "批量大小" },
    all: { en: "all {n}", zh: "全部{n}个" },
    limit: { en: "limit {limit}", zh: "上限{limit}" },
    weights: { en: "w₁ = {w1}, w₂ = {w2}", zh: "w₁ = {w1}，w₂ = {w2}" },
    where: {
      en: "Step {k}: {weights}; mean loss {loss}, gradient ({g1}, {g2}).",
      zh: "第{k}步：{weights}；平均损失{loss}，梯度({g1}, {g2})。",
    },
    share: {
      en: "The learning rate {lr} is {share} of the limit {limit}. ",
      zh: "学习率{lr}是上限{limit}的{share}倍。",
    },
    factors: {
      en: "Each step multiplies the distance from the minimum by {steep} in the steep direction and by {shallow} in the shallow direction: {verdict}.",
      zh: "每走一步，与最小值点之差在陡峭方向乘以{steep}，在平缓方向乘以{shallow}：{verdict}。",
    },
    shrinks: { en: "both shrink, and the path arrives", zh: "两者都缩小，路径收敛到最小值点" },
    leaps: { en: "the path jumps across the valley, less far each time", zh: "路径在山谷两侧来回跳跃，幅度逐渐减小" },
    diverges: { en: "the jumps do not shrink, and the path never arrives", zh: "跳跃的幅度不再减小，路径不会收敛" },
    scatters: {
      en: "This is the limit for the full batch. Batches of {size} make the same step only on average: from here, their steps would scatter around it by about {scatter} (root mean square).",
      zh: "这是用全部样本时的上限。每批{size}个样本，只在平均意义上与全部样本走的一步相同：从这里走一步，各批的结果散布在它周围，距离的均方根约为{scatter}。",
    },
    own: { en: "\nThe limit for the batch just used is {limit}; the step {verdict}.", zh: "\n对刚用过的这一批，上限是{limit}，这一步{verdict}。" },
    under: { en: "kept below it", zh: "没有超过上限" },
    over: { en: "exceeded it", zh: "超过了上限" },
  },

  start(stage) {
    const { NUM_EXAMPLES, meanLoss, gradient, hessian, minimum, sgd, batches, scatter } = Explore.descend;
    const { eigen, contour } = Explore.mathematics;
    const { number, fixed } = Explore;
    const best = minimum();
    const least = meanLoss(best);
    const [steep, shallow] = eigen(hessian()).map(({ value }) => value);
    const limit = Explore.descend.limit();
    const LEVELS = [1, 2, 5, 10, 20, 40, 80, 160];
    const MOST_STEPS = 200;
    const FRESH = 30; // so many steps are drawn in full strength
    const FAR = 1e6; // a loss from which nobody returns

    const settings = { start: [-1, 0], lr: 0.4, batchSize: NUM_EXAMPLES };
    let path;
    let source;

    function restart() {
      runner.stop();
      path = [{ w: settings.start, loss: meanLoss(settings.start) }];
      source = batches(settings.batchSize);
    }

    const last = () => path[path.length - 1];
    const full = () => settings.batchSize === NUM_EXAMPLES;
    const arrived = () => full() && last().loss - least < 1e-6;

    function takeStep() {
      const batch = source.next().value;
      const w = sgd(last().w, settings.lr, batch);
      path.push({ w, loss: meanLoss(w), lr: settings.lr, batch });
    }

    // Drawing

    const surface = stage.plot({
      label: stage.t("surface"), width: 400, height: 400,
      x: { domain: [-3, 5], label: "w₁" },
      y: { domain: [-7.5, 1], label: "w₂" },
    });
    const curve = stage.plot({
      label: stage.t("curve"), width: 260, height: 380, heightAlone: 210,
      x: { domain: [0, 30], label: stage.t("steps") },
      y: { domain: [0.2, 100], label: stage.t("loss"), log: true },
    });
    const handle = stage.draggable(surface.handle("orange", "square"), {
      plot: surface, label: stage.t("start"), step: { x: 0.1, y: 0.1 },
      valueText: () => weights(settings.start),
      onMove: moveStart,
    });
    surface.onPress(moveStart);

    function moveStart(x, y) {
      settings.start = [x, y];
      restart();
      update();
    }

    function drawSurface() {
      surface.keepProportions(1); // so that the gradient crosses contours at right angles
      drawContours();
      drawPath();
      handle.move(...settings.start);
    }

    function drawContours() {
      surface.clear("contours");
      const layer = surface.layer("contours");
      for (const level of LEVELS) {
        const ellipse = contour(best, hessian(), level - least);
        surface.path(layer, ellipse, "muted thin faint");
        const [w1, w2] = ellipse[72]; // three quarters around: on the left
        const hasRoom = level > 1 && w1 > surface.x.domain[0] + 0.3;
        if (hasRoom) surface.text(layer, w1, w2, String(level), "muted middle", { dy: 4 });
      }
    }

    function drawPath() {
      surface.clear("path");
      const layer = surface.layer("path");
      const stops = path.map(({ w }) => w);
      const fresh = Math.max(0, stops.length - 1 - FRESH); // a tangle of steps hides the last ones
      surface.path(layer, stops.slice(0, fresh + 1), "blue thin");
      surface.path(layer, stops.slice(fresh), "blue");
      for (const w of stops.slice(fresh || 1)) surface.dot(layer, ...w, "blue small");
      surface.dot(layer, ...best, "", "cross");
      surface.text(layer, ...settings.start, stage.t("start"), "orange start", { dx: 14, dy: -8 });
    }

    function drawCurve() {
      const losses = path.map(({ loss }) => loss);
      const highest = 10 ** Math.ceil(Math.log10(Math.max(100, ...losses)));
      const lowest = least * (least / highest) ** 0.18; // leaves room for a word below the minimum
      curve.rescale({ x: [0, Math.max(30, path.length - 1)], y: [lowest, highest] });
      const layer = curve.layer("losses", { clip: false });
      curve.clear("losses");
      const [from, to] = curve.x.domain;
      curve.path(layer, [[from, least], [to, least]], "dotted");
      curve.text(layer, to, least, stage.t("least"), "end", { dy: 16 });
      curve.path(layer, losses.map((loss, k) => [k, loss]), "blue");
      curve.dot(layer, path.length - 1, last().loss, "blue");
    }

    // Words

    const factor = (eigenvalue) => fixed(1 - settings.lr * eigenvalue, 2);
    const rate = (lr) => fixed(lr, 2);
    const value = (v) => (Math.abs(v) < 1000 ? fixed(v, 2) : number(v));
    const weights = ([w1, w2]) => stage.t("weights", { w1: value(w1), w2: value(w2) });

    function verdict() {
      if (settings.lr >= limit) return stage.t("diverges");
      return stage.t(settings.lr * steep > 1.5 ? "leaps" : "shrinks");
    }

    function sayWhere() {
      const { w, loss } = last();
      const [g1, g2] = gradient(w).map(value);
      return stage.t("where", { k: path.length - 1, weights: weights(w), loss: number(loss), g1, g2 });
    }

    function sayRate() {
      const { lr, batchSize } = settings;
      const share = stage.t("share", { lr: rate(lr), share: fixed(lr / limit, 2), limit: number(limit) });
      if (full()) {
        const factors = { steep: factor(steep), shallow: factor(shallow), verdict: verdict() };
        return share + stage.t("factors", factors);
      }
      const distance = number(scatter(last().w, lr, batchSize), 2);
      return share + stage.t("scatters", { size: batchSize, scatter: distance }) + sayBatch();
    }

    // A batch is a small dataset with a Hessian matrix of its own.
    function sayBatch() {
      const { batch, lr } = last();
      if (!batch) return "";
      const own = Explore.descend.limit(batch);
      return stage.t("own", { limit: number(own), verdict: stage.t(lr < own ? "under" : "over") });
    }

    const headers = [stage.t("steps"), stage.t("rate"), "w₁", "w₂", stage.t("loss")];

    function fillTable() {
      const row = ({ w, loss, lr }, k) => [k, lr ? rate(lr) : "", ...w.map(value), number(loss, 4)];
      stage.table(headers, path.map(row));
    }

    function update() {
      stage.redraw();
      stage.say(`${sayWhere()}\n${sayRate()}`);
      fillTable();
    }

    // Controls

    stage.slider({
      label: stage.t("rate"), min: 0.01, max: 0.6, step: 0.01, value: settings.lr, format: rate,
      mark: { value: limit, text: stage.t("limit", { limit: number(limit) }) },
      onInput(lr) {
        settings.lr = lr;
        update();
      },
    });
    stage.choice({
      label: stage.t("batch"), value: settings.batchSize,
      options: [
        ...[1, 4, 16].map((size) => ({ value: size, text: String(size) })),
        { value: NUM_EXAMPLES, text: stage.t("all", { n: NUM_EXAMPLES }) },
      ],
      onChange(batchSize) {
        settings.batchSize = batchSize;
        source = batches(batchSize);
        update();
      },
    });
    stage.button({
      label: stage.t("step"),
      onClick() {
        runner.stop();
        takeStep();
        update();
      },
    });
    const runner = stage.runButton({
      every: 120,
      step() {
        takeStep();
        update();
        return path.length <= MOST_STEPS && last().loss < FAR && !arrived();
      },
    });
    stage.button({
      label: stage.t("reset"),
      onClick() {
        restart();
        update();
      },
    });

    restart();
    for (let k = 0; k < 8; k += 1) takeStep(); // a path to look at
    stage.onDraw(drawSurface);
    stage.onDraw(drawCurve);
    update();
  },
});
