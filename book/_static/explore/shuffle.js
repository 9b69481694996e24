// Shuffle: how minibatches are drawn from a dataset, batch by batch, in three orders, and the
// path of the parameters that results.
//
// The data are a small edition of those of the chapter on order: two observers, one file.
"use strict";

Explore.shuffle = (() => {
  const { linreg, squaredLoss, mean } = Explore.mathematics;

  // y = 2x + 1 and some noise; the first half read by an observer whose labels are too low
  // by 1, the second half by one whose labels are too high by 1.
  const features = [0.4, -0.9, -0.6, 0.8, 1.2, -0.8, -1.2, 0, 1.3, 0.7, 1.4, -0.7, -1.4, -0.1];
  const labels = [1.1, -1.7, -1.6, 1.7, 2.1, -1.3, -2.6, 1.8, 4.4, 3.8, 5.4, 0.5, -0.2, 1.4];
  const n = labels.length;
  const file = labels.map((_, i) => i);
  const observers = [file.slice(0, n / 2), file.slice(n / 2)];

  const pick = (values, rows) => rows.map((i) => values[i]);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const predict = ([w, b], rows) => linreg(pick(features, rows).map((x) => [x]), [w], b);

  const meanLoss = (params) => mean(squaredLoss(predict(params, file), labels));

  // The w and the b with the least mean loss over some examples.
  function leastSquares(rows) {
    const [X, y] = [pick(features, rows), pick(labels, rows)];
    const [meanX, meanY] = [mean(X), mean(y)];
    const covariance = mean(X.map((x, k) => (x - meanX) * (y[k] - meanY)));
    const w = covariance / mean(X.map((x) => (x - meanX) ** 2));
    return [w, meanY - w * meanX];
  }

  // The second derivatives of the mean loss.
  function hessian() {
    const slope = mean(features);
    return [[mean(features.map((x) => x * x)), slope], [slope, 1]];
  }

  // How an epoch gets its order. As in the chapter, the generator is seeded once and not
  // in every epoch.
  function orders(way, seed) {
    const random = Explore.random(seed);
    const once = random.permutation(n);
    return { file: () => file, once: () => once, reshuffled: () => random.permutation(n) }[way];
  }

  // As order.split(batch_size) in PyTorch: the last batch may be short.
  function split(order, batchSize) {
    const starts = order.filter((_, k) => k % batchSize === 0).map((_, k) => k * batchSize);
    return starts.map((start) => order.slice(start, start + batchSize));
  }

  // A step along the gradient of the summed loss, divided by the size that the batch really has.
  function sgd([w, b], lr, batch) {
    const residuals = predict([w, b], batch).map((yHat, k) => yHat - labels[batch[k]]);
    const gradient = [sum(residuals.map((r, k) => r * features[batch[k]])), sum(residuals)];
    return [w - (lr / batch.length) * gradient[0], b - (lr / batch.length) * gradient[1]];
  }

  // Training from zero, batch by batch.
  class Training {
    constructor({ way, batchSize, lr }, seed) {
      Object.assign(this, { batchSize, lr });
      this.newOrder = orders(way, seed);
      this.path = [[0, 0]]; // the parameters before the first and after every step
      this.ends = []; // those at the end of each epoch
      this.epoch = 0;
      this.beginEpoch();
    }

    beginEpoch() {
      this.epoch += 1;
      this.batches = split(this.newOrder(), this.batchSize);
      this.drawn = 0; // of the batches of this epoch
    }

    get params() {
      return this.path[this.path.length - 1];
    }

    get isEpochOver() {
      return this.drawn === this.batches.length;
    }

    step() {
      if (this.isEpochOver) this.beginEpoch();
      this.path.push(sgd(this.params, this.lr, this.batches[this.drawn]));
      this.drawn += 1;
      if (this.isEpochOver) this.ends.push(this.params);
    }
  }

  return { features, labels, n, file, observers, meanLoss, leastSquares, hessian, orders, split, sgd, Training };
})();

Explore.add("shuffle", {
  words: {
    way: { en: "order of the examples", zh: "样本顺序" },
    file: { en: "in file order", zh: "按文件顺序" },
    once: { en: "shuffled once", zh: "只打乱一次" },
    reshuffled: { en: "reshuffled", zh: "每轮重新打乱" },
    size: { en: "batch size", zh: "批量大小" },
    rate: { en: "learning rate", zh: "学习率" },
    next: { en: "Next batch", zh: "下一批" },

    drawing: {
      en: "Above, the examples in file order; below, the batches drawn from them",
      zh: "上面是按文件顺序排列的样本，下面是抽出的各批",
    },
    row: { en: "file", zh: "文件" },
    first: { en: "first observer", zh: "第一个观测者" },
    second: { en: "second observer", zh: "第二个观测者" },
    batch: { en: "batch {k}", zh: "第{k}批" },
    epoch: { en: "batches of epoch {epoch}", zh: "第{epoch}个迭代周期的各批" },
    short: { en: "short: {size} of {full}", zh: "不完整：只有{size}个" },

    path: {
      en: "The path of the weight and the bias over the contours of the mean loss",
      zh: "权重和偏置的路径，背景是平均损失的等高线",
    },
    start: { en: "start", zh: "起点" },
    best: { en: "best fit", zh: "最佳拟合" },
    ends: { en: "ends of epochs", zh: "各迭代周期的终点" },

    space: { en: " ", zh: "" }, // between sentences
    nothing: { en: "No batch has been drawn yet.", zh: "还没有抽取任何一批。" },
    drawn: { en: "Epoch {epoch}, batch {k} of {count}: {examples}.", zh: "第{epoch}个迭代周期，第{k}批（共{count}批）：{examples}。" },
    example: { en: "example {list}", zh: "样本{list}" },
    examples: { en: "examples {list}", zh: "样本{list}" },
    comma: { en: ", ", zh: "、" },
    divided: { en: "This batch is short: its step divides by {size}, not by {full}.", zh: "这一批不完整，这一步除以{size}，而不是{full}。" },
    reached: { en: "w\u00a0=\u00a0{w}, b\u00a0=\u00a0{b}, mean loss\u00a0{loss}.", zh: "w\u00a0=\u00a0{w}，b\u00a0=\u00a0{b}，平均损失为{loss}。" },
    distances: {
      en: "Mean distance from the best fit at the ends of the last {latest} epochs: {list}.",
      zh: "最近{latest}个迭代周期的终点到最佳拟合的平均距离：{list}。",
    },
    distance: { en: "{way} {distance}", zh: "{way}{distance}" },

    number: { en: "batch", zh: "批" },
    rows: { en: "examples", zh: "样本" },
    count: { en: "size", zh: "大小" },
    loss: { en: "mean loss", zh: "平均损失" },
  },

  start(stage) {
    const { n, file, observers, meanLoss, leastSquares, hessian, Training } = Explore.shuffle;
    const { mean, contour } = Explore.mathematics;
    const { number } = Explore;
    const t = (key, values) => stage.t(key, values);

    const LOOKS = { file: ["orange", "triangle"], once: ["green", "square"], reshuffled: ["blue", "circle"] };
    const WAYS = Object.keys(LOOKS);
    const OBSERVERS = [{ name: "first", look: "large open", shape: "circle" }, { name: "second", look: "large", shape: "square" }];
    const EPOCHS = 10; // a run goes on to the next multiple of it
    const LATEST = 5; // so many ends of epochs are averaged
    const EVERY = 160; // milliseconds from step to step

    const best = leastSquares(file);
    const settings = { way: "file", batchSize: 4, lr: 0.3 };
    let seed = 1;
    let trainings = {}; // one for each way that has been chosen, all with the same settings
    let training; // the one that is shown

    function choose(way) {
      settings.way = way;
      trainings[way] ??= new Training(settings, seed);
      training = trainings[way];
    }

    function beginAnew() {
      trainings = {};
      choose(settings.way);
    }

    const tried = () => WAYS.filter((way) => trainings[way]?.ends.length);

    // The examples and their batches. In this plot a unit is a pixel.

    const GAPS = 2.6; // the gaps between all batches together, in places of examples
    const strip = stage.plot({
      label: t("drawing"), width: 400, height: 340, heightAlone: 220,
      margin: { top: 0, right: 0, bottom: 0, left: 0 },
      x: { domain: [0, 1], ticks: false }, y: { domain: [0, 1], ticks: false },
    });
    strip.axisLayer.remove(); // a row of examples has no axes
    const lines = strip.layer("lines");
    const tokens = file.map(makeToken);

    // A numbered mark. It stays the same from batch to batch, so that it can move.
    function makeToken(i) {
      const token = strip.layer(`token-${i}`, { clip: false });
      token.classList.add("token");
      const { look, shape } = OBSERVERS[observers.findIndex((rows) => rows.includes(i))];
      strip.dot(token, 0, 0, look, shape);
      strip.text(token, 0, 0, i + 1, "middle");
      return token;
    }

    // Where everything is, for the width that the plot has now: each example at home, in the
    // order of the file, and the slots of the batches, in the order in which they are drawn.
    function geometry() {
      const pitch = strip.width / (n + GAPS);
      const gaps = training.batches.length - 1;
      const gap = Math.min(0.7, GAPS / gaps);
      const left = (GAPS - gap * gaps) / 2;
      const across = (k) => left + 0.5 + k + gap * Math.floor(k / settings.batchSize);
      const radius = Math.min(0.46 * pitch, 12);
      const row = strip.height - 66;
      return {
        radius,
        home: (i) => [((i + 0.5) / n) * strip.width, 44],
        slot: (k) => [across(k) * pitch, row],
        box: (from, to) => ({
          left: (across(from) - 0.5) * pitch, right: (across(to) + 0.5) * pitch,
          top: row - radius - 5, bottom: row + radius + 5,
        }),
      };
    }

    function drawStrip() {
      strip.rescale({ x: [0, strip.width], y: [strip.height, 0] });
      strip.clear("lines");
      const places = geometry();
      drawFile(places);
      training.batches.forEach((batch, k) => drawBatch(places, batch, k));
      strip.text(lines, 0, strip.height - 8, t("epoch", training), "start");
    }

    function drawFile({ home }) {
      if (strip.width > 330) strip.text(lines, 0, 16, t("row"), "start"); // else there is no room
      observers.forEach((rows, k) => {
        const middle = mean(rows.map((i) => home(i)[0]));
        strip.text(lines, middle, 16, t(OBSERVERS[k].name), "middle");
      });
    }

    function drawBatch(places, batch, k) {
      const first = k * settings.batchSize;
      const isShort = batch.length < settings.batchSize;
      const look = k === training.drawn - 1 ? "" : "muted thin"; // the latest batch stands out
      const box = places.box(first, first + batch.length - 1);
      drawBox(box, isShort ? `${look} dashed` : look);
      strip.text(lines, (box.left + box.right) / 2, box.bottom + 17, batchName(places, k), "middle");
      if (isShort) {
        const words = t("short", { size: batch.length, full: settings.batchSize });
        strip.text(lines, box.right, strip.height - 8, words, "end");
      }
      batch.forEach((i, m) => {
        if (k < training.drawn) drawDrawn(places, i, first + m, look);
        else putToken(places, i, places.home(i));
      });
    }

    function drawBox({ left, right, top, bottom }, look) {
      strip.path(lines, [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], look);
    }

    // A number alone where there is no room for a word below the last batch, the smallest.
    function batchName({ box }, k) {
      const last = box((training.batches.length - 1) * settings.batchSize, n - 1);
      return last.right - last.left > 40 ? t("batch", { k: k + 1 }) : k + 1;
    }

    function drawDrawn(places, i, k, look) {
      const [home, slot] = [places.home(i), places.slot(k)];
      strip.path(lines, [home, slot], look && `${look} faint`);
      strip.dot(lines, ...home, "small muted");
      putToken(places, i, slot);
    }

    function putToken({ radius }, i, [x, y]) {
      const [mark, text] = tokens[i].children;
      mark.setAttribute("transform", `scale(${radius / 7})`); // a large mark has the radius 7
      text.setAttribute("x", 0);
      text.setAttribute("y", 4);
      tokens[i].setAttribute("transform", `translate(${x.toFixed(1)},${y})`);
    }

    // The examples of the batch that has just been drawn come from their places in the file.
    function moveTokens() {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const { home, slot } = geometry();
      const latest = training.drawn - 1;
      const css = ([x, y]) => `translate(${x}px, ${y}px)`;
      training.batches[latest].forEach((i, m) => {
        const transform = [css(home(i)), css(slot(latest * settings.batchSize + m))];
        tokens[i].animate({ transform }, { duration: 300, easing: "ease-in-out" });
      });
    }

    // The path

    const plot = stage.plot({
      label: t("path"), width: 350, height: 340, heightAlone: 280,
      x: { domain: [0, 3], label: "w" }, y: { domain: [-0.45, 2.55], label: "b" },
    });
    const MIDDLE = 1.4; // of the axis of w
    const HEIGHTS = [0.05, 0.2, 0.5, 1, 2, 4, 8];
    const contours = HEIGHTS.map((height) => contour(best, hessian(), height));

    function drawPlot() {
      plot.keepProportions(MIDDLE); // so that distances can be seen
      for (const name of ["contours", "path", "ends", "legend"]) plot.clear(name);
      for (const points of contours) plot.path(plot.layer("contours"), points, "muted thin faint");
      drawPath(plot.layer("path"));
      drawEnds(plot.layer("ends"));
      drawFits(plot.layer("ends"));
      drawLegend(plot.layer("legend"));
    }

    // This epoch stands out from the earlier ones.
    function drawPath(layer) {
      const { path, drawn } = training;
      const [color] = LOOKS[settings.way];
      const begun = path.length - 1 - drawn;
      plot.path(layer, path.slice(0, begun + 1), `${color} thin`);
      plot.path(layer, path.slice(begun), color);
      for (const params of path.slice(begun + 1)) plot.dot(layer, ...params, `${color} small`);
      plot.dot(layer, ...path[0], "open", "circle");
      plot.text(layer, ...path[0], t("start"), "start", { dx: 6, dy: 17 });
    }

    function drawEnds(layer) {
      for (const way of tried()) {
        for (const end of trainings[way].ends) plot.dot(layer, ...end, ...LOOKS[way]);
      }
    }

    function drawFits(layer) {
      observers.forEach((rows, k) => {
        const fit = leastSquares(rows);
        plot.dot(layer, ...fit, "small muted", "cross");
        plot.text(layer, ...fit, t(OBSERVERS[k].name), "muted middle", { dy: k === 0 ? 18 : -9 });
      });
      plot.dot(layer, ...best, "large", "cross");
    }

    function drawLegend(layer) {
      const x = plot.x.inverse(plot.margin.left + 14);
      const y = (line) => plot.y.inverse(plot.margin.top + 14 + 18 * line);
      const entry = (line, words, [color, shape]) => {
        plot.dot(layer, x, y(line), color, shape);
        plot.text(layer, x, y(line), words, `${color} start`, { dx: 12, dy: 4 });
      };
      entry(0, t("best"), ["", "cross"]);
      if (tried().length) plot.text(layer, x, y(1), t("ends"), "start", { dx: -6, dy: 6 });
      tried().forEach((way, k) => entry(2 + k, t(way), LOOKS[way]));
    }

    // Words

    const list = (batch) => batch.map((i) => i + 1).join(t("comma"));

    function sayStep() {
      const { epoch, batches, drawn } = training;
      if (drawn === 0) return [t("nothing")];
      const batch = batches[drawn - 1];
      const examples = t(batch.length === 1 ? "example" : "examples", { list: list(batch) });
      const said = [t("drawn", { epoch, k: drawn, count: batches.length, examples })];
      if (batch.length < settings.batchSize) said.push(t("divided", { size: batch.length, full: settings.batchSize }));
      return said;
    }

    function sayParams() {
      const [w, b] = training.params;
      return t("reached", { w: number(w), b: number(b), loss: number(meanLoss([w, b])) });
    }

    // Only of ways that have come far enough to be compared.
    function sayDistances() {
      const each = tried().filter((way) => trainings[way].ends.length >= LATEST).map((way) => {
        const distances = trainings[way].ends.slice(-LATEST).map(([w, b]) => Math.hypot(w - best[0], b - best[1]));
        return t("distance", { way: t(way), distance: number(mean(distances), 2) });
      });
      return each.length ? [t("distances", { latest: LATEST, list: each.join(t("comma")) })] : [];
    }

    const headers = ["number", "rows", "count"].map((key) => t(key)).concat("w", "b", t("loss"));

    function fillTable() {
      const { path, batches, drawn } = training;
      const after = path.slice(path.length - drawn); // the parameters after each batch of the epoch
      const results = ([w, b]) => [number(w), number(b), number(meanLoss([w, b]))];
      stage.table(headers, batches.map((batch, k) => [
        k + 1, list(batch), batch.length, ...(k < drawn ? results(after[k]) : ["", "", ""]),
      ]));
    }

    function update() {
      stage.redraw();
      stage.say([...sayStep(), sayParams(), ...sayDistances()].join(t("space")));
      fillTable();
    }

    // Controls

    function takeStep() {
      training.step();
      update();
      moveTokens();
      return !training.isEpochOver || training.epoch % EPOCHS > 0;
    }

    stage.choice({
      label: t("way"), value: settings.way,
      options: WAYS.map((value) => ({ value, text: t(value) })),
      onChange(way) {
        runner.stop();
        choose(way);
        update();
      },
    });
    setting("batchSize", { label: t("size"), min: 1, max: n, step: 1, format: String });
    setting("lr", { label: t("rate"), min: 0.02, max: 0.6, step: 0.02, format: (lr) => number(lr, 2) });
    stage.button({
      label: t("next"),
      onClick() {
        runner.stop();
        takeStep();
      },
    });
    const runner = stage.runButton({ step: takeStep, every: EVERY });
    stage.button({
      label: t("reset"),
      onClick() {
        seed += 1; // another order
        restart();
      },
    });

    function setting(name, options) {
      stage.slider({
        ...options,
        value: settings[name],
        onInput(value) {
          settings[name] = value;
          restart();
        },
      });
    }

    function restart() {
      runner.stop();
      beginAnew();
      update();
    }

    // Some epochs are there at once: they show what the figure is about.
    beginAnew();
    while (training.ends.length < LATEST) training.step();
    stage.onDraw(drawStrip);
    stage.onDraw(drawPlot);
    update();
  },
});
