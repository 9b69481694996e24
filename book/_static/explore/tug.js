// Tug: the same points three times, each time with the line of another loss, and how hard
// every point pulls at that line.
"use strict";

// The mathematics. A point is {x, y} and a line {w, b}. The pull of a point is the slope ψ of
// its loss with respect to its prediction, as in the chapter on robust losses.
Explore.tug = (() => {
  const ROUNDING = 1e-9;
  const MOST_ROUNDS = 10000;

  const sum = (items, value) => items.reduce((all, item) => all + value(item), 0);
  const total = (values) => sum(values, (value) => value);
  const clip = (value, limit) => Math.max(-limit, Math.min(value, limit));
  const residual = (point, line) => line.w * point.x + line.b - point.y;

  // At a minimum the pulls neither lift the line nor tilt it: these are the derivatives of the
  // summed loss with respect to b and w.
  const lift = (pulls) => total(pulls);
  const tilt = (points, pulls) => total(points.map(({ x }, i) => pulls[i] * x));

  // Least squares in which each point counts as often as it has votes.
  function weightedLine(points, votes) {
    const all = sum(points, votes);
    const meanX = sum(points, (p) => votes(p) * p.x) / all;
    const meanY = sum(points, (p) => votes(p) * p.y) / all;
    const variance = sum(points, (p) => votes(p) * (p.x - meanX) ** 2);
    const covariance = sum(points, (p) => votes(p) * (p.x - meanX) * (p.y - meanY));
    const w = variance ? covariance / variance : 0; // above a single x every slope is as good
    return { w, b: meanY - w * meanX };
  }

  // The squared loss

  const squaredLine = (points) => weightedLine(points, () => 1);
  const squaredPulls = (points, line) => points.map((point) => residual(point, line));

  // The Huber loss

  const huberPulls = (points, line, delta) => squaredPulls(points, line).map((r) => clip(r, delta));

  // Iteratively reweighted least squares, until it has found out which points are within
  // delta: then a single step of Newton's method lands at the minimum.
  function huberLine(points, delta) {
    let line = squaredLine(points);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const landing = newtonStep(points, line, delta);
      if (isBalanced(points, landing, delta)) return landing;
      if (isBalanced(points, line, delta)) return line;
      const before = line;
      line = weightedLine(points, (p) => Math.min(1, delta / Math.abs(residual(p, before))));
    }
    return line;
  }

  function isBalanced(points, line, delta) {
    const pulls = huberPulls(points, line, delta);
    return Math.abs(lift(pulls)) + Math.abs(tilt(points, pulls)) < ROUNDING / 10;
  }

  // Only points within delta resist. Where they are too few, the step is not finite.
  function newtonStep(points, line, delta) {
    const pulls = huberPulls(points, line, delta);
    const [up, turn] = [lift(pulls), tilt(points, pulls)];
    const within = points.filter((p) => Math.abs(residual(p, line)) <= delta);
    const [n, x1, x2] = [within.length, sum(within, (p) => p.x), sum(within, (p) => p.x ** 2)];
    const determinant = n * x2 - x1 ** 2;
    return {
      w: line.w - (n * turn - x1 * up) / determinant,
      b: line.b - (x2 * up - x1 * turn) / determinant,
    };
  }

  // The absolute loss

  // Some line through two points has the least sum of |r|, so trying all of them is exact.
  // Where several reach it, everything between these corners reaches it, too.
  function absoluteCorners(points) {
    const lines = points.flatMap((p, i) => points.slice(i).map((q) => lineThrough(p, q)));
    const sums = lines.map((line) => sum(points, (p) => Math.abs(residual(p, line))));
    const least = Math.min(...sums);
    const best = lines.filter((_, i) => sums[i] < least + ROUNDING);
    return best.filter((line, i) => !best.slice(0, i).some((other) => isSameLine(line, other)));
  }

  // Level if there is only one x, as for a point with itself.
  function lineThrough(p, q) {
    const w = p.x === q.x ? 0 : (q.y - p.y) / (q.x - p.x);
    return { w, b: p.y - w * p.x };
  }

  const isSameLine = (one, other) =>
    Math.abs(one.w - other.w) < ROUNDING && Math.abs(one.b - other.b) < ROUNDING;

  const meanLine = (lines) => ({
    w: sum(lines, (line) => line.w) / lines.length,
    b: sum(lines, (line) => line.b) / lines.length,
  });

  // At the kink of |r| every slope from -1 to 1 will do: the points on the line pull as hard
  // as it takes to balance the others.
  function absolutePulls(points, line) {
    const touches = (point) => Math.abs(residual(point, line)) < ROUNDING;
    const pulls = points.map((point) => (touches(point) ? 0 : Math.sign(residual(point, line))));
    let free = [...points.keys()].filter((i) => touches(points[i]));
    while (free.length) {
      const needed = balancing(points, pulls, free);
      for (const [k, i] of free.entries()) pulls[i] = clip(needed[k], 1);
      const able = free.filter((_, k) => Math.abs(needed[k]) <= 1 + ROUNDING);
      if (able.length === free.length) break;
      free = able; // the others have given all they can
      for (const i of free) pulls[i] = 0;
    }
    return pulls;
  }

  // The smallest pulls of the free points that undo the lift and the tilt of the others.
  function balancing(points, pulls, free) {
    const xs = free.map((i) => points[i].x);
    const meanX = total(xs) / xs.length;
    const spread = sum(xs, (x) => (x - meanX) ** 2);
    const turn = tilt(points, pulls) - meanX * lift(pulls);
    return xs.map((x) => -lift(pulls) / xs.length - (spread ? (turn / spread) * (x - meanX) : 0));
  }

  // For each loss its line and the pulls at it. The minimum of the absolute loss has `corners`:
  // one where it is a single line.
  function fit(points, delta) {
    const [squared, huber] = [squaredLine(points), huberLine(points, delta)];
    const corners = absoluteCorners(points);
    const absolute = meanLine(corners);
    return {
      squared: { line: squared, pulls: squaredPulls(points, squared) },
      absolute: { line: absolute, pulls: absolutePulls(points, absolute), corners },
      huber: { line: huber, pulls: huberPulls(points, huber, delta) },
    };
  }

  return { fit, residual };
})();

// The figure. Points stay on a grid, so that the numbers shown are the numbers used.
{
  const GRID = 0.1;
  const HOME = [2.7, 4.2, 5.2, 4.2, 5.3, 6.4, 7.3, 6.2, 7.2, 1.5, 8.7].map((y, i) => ({ x: i + 1, y }));
  const X = [0, 12];
  const Y = [0, 10];
  const ROOM = 1.5; // what words at a point need, in units of the axes
  const OUTLIER = 1.5; // the y of an outlier
  const FALL = 12; // the steps of its way there
  const LOSSES = ["squared", "absolute", "huber"];
  const COLOURS = { squared: "blue", absolute: "orange", huber: "green" };
  const LINES = { squared: "", absolute: "dashed", huber: "" };

  const words = {
    squared: { en: "squared loss", zh: "平方损失" },
    absolute: { en: "absolute loss", zh: "绝对值损失" },
    huber: { en: "Huber loss", zh: "Huber损失" },
    panel: { en: "The points, the line of the {loss} and the pulls", zh: "各点、{loss}的直线与拉力" },
    pull: { en: "pull {pull}", zh: "拉力{pull}" },
    point: { en: "point {i}", zh: "第{i}点" },
    place: { en: "x = {x}, y = {y}", zh: "x = {x}，y = {y}" },
    delta: { en: "Huber threshold δ", zh: "Huber阈值δ" },
    outlier: { en: "Make an outlier", zh: "生成离群值" },
    back: { en: "Reset the points", zh: "恢复原位" },
    parameters: { en: "{w}, {b}", zh: "{w}，{b}" },
    lines: {
      en: "Slope and intercept: squared {squared}; absolute {absolute}; Huber {huber}.",
      zh: "三条直线的斜率和截距依次是：{squared}；{absolute}；{huber}。",
    },
    worst: {
      en: "Point {i} is the farthest from the lines. Its share of all pulls is {squared}, {absolute} and {huber}.",
      zh: "第{i}点离直线最远，它的拉力占全部拉力的比例依次为{squared}、{absolute}和{huber}。",
    },
    several: {
      en: "The minimum of the absolute loss is not a single line: all lines in the shaded strip reach it.",
      zh: "绝对值损失的最小值点不唯一：阴影中的所有直线都达到最小值。",
    },
    number: { en: "point", zh: "点" },
    residualOf: { en: "residual, {loss}", zh: "残差，{loss}" },
    pullOf: { en: "pull, {loss}", zh: "拉力，{loss}" },
  };

  const snapped = (value) => Number((Math.round(value / GRID) * GRID).toFixed(1));
  const heightAt = (line, x) => line.w * x + line.b;

  function decimals(value, digits = 2) {
    const rounded = Number(value.toFixed(digits)) || 0; // no minus before a zero
    return rounded.toFixed(digits).replace("-", "−");
  }

  const equation = ({ w, b }) => `ŷ = ${decimals(w)}x ${b < 0 ? "−" : "+"} ${decimals(Math.abs(b))}`;

  function shareOf(i, pulls) {
    const all = pulls.reduce((sum, pull) => sum + Math.abs(pull), 0);
    return `${decimals((100 * Math.abs(pulls[i])) / (all || 1), 0)}%`;
  }

  // The point farthest from the line that outliers bend least.
  function farthest(points, fits) {
    const distances = points.map((point) => Math.abs(Explore.tug.residual(point, fits.absolute.line)));
    return distances.indexOf(Math.max(...distances));
  }

  function start(stage) {
    const points = HOME.map((point) => ({ ...point }));
    let falling = null;

    const panels = LOSSES.map((loss, k) => {
      const plot = stage.plot({
        label: stage.t("panel", { loss: stage.t(loss) }),
        width: 230, height: 250, heightAlone: 240,
        margin: { top: 42, right: 8, bottom: 40, left: 26 },
        x: { domain: X, label: "x", ticks: [0, 4, 8, 12] },
        y: { domain: Y, ticks: [0, 5, 10] },
      });
      const handles = points.map((point, i) => makeHandle(plot, point, i));
      // A point is drawn three times, but is one stop of the keyboard.
      if (k > 0) for (const { element } of handles) element.tabIndex = -1;
      return { loss, plot, handles };
    });

    function makeHandle(plot, point, i) {
      return stage.draggable(plot.handle("crowd"), {
        plot,
        label: stage.t("point", { i: i + 1 }),
        step: { x: 2 * GRID, y: 2 * GRID },
        valueText: () => stage.t("place", { x: decimals(point.x, 1), y: decimals(point.y, 1) }),
        onMove(x, y) {
          stopFalling();
          Object.assign(point, { x: snapped(x), y: snapped(y) });
          stage.redraw();
        },
      });
    }

    const delta = stage.slider({
      label: stage.t("delta"), min: 0.1, max: 10, step: 0.05, value: 1, log: true,
      format: (value) => Explore.number(value, 2),
      onInput: () => stage.redraw(),
    });
    stage.button({ label: stage.t("outlier"), onClick: makeOutlier });
    stage.button({ label: stage.t("back"), onClick: putBack });

    function stopFalling() {
      if (falling) falling.stop();
    }

    // The highest point falls.
    function makeOutlier() {
      stopFalling();
      const point = points.reduce((highest, other) => (other.y > highest.y ? other : highest));
      const from = point.y;
      let k = 0;
      const step = () => {
        k += 1;
        point.y = snapped(from + ((OUTLIER - from) * k) / FALL);
        stage.redraw();
        return k < FALL;
      };
      falling = stage.run({ step, every: 25 });
    }

    function putBack() {
      stopFalling();
      points.forEach((point, i) => Object.assign(point, HOME[i]));
      stage.redraw();
    }

    stage.onDraw(() => {
      const fits = Explore.tug.fit(points, delta.value);
      const worst = farthest(points, fits);
      for (const panel of panels) drawPanel(stage, panel, points, fits[panel.loss], delta.value, worst);
      stage.say(sentences(stage, fits, worst));
      stage.table(...tableOf(stage, points, fits));
    });
  }

  function drawPanel(stage, { loss, plot, handles }, points, { line, pulls, corners }, delta, worst) {
    const colour = COLOURS[loss];
    const layer = plot.layer("tug");
    const notes = plot.layer("notes", { clip: false });
    plot.clear("tug");
    plot.clear("notes");
    if (loss === "huber") drawStrip(plot, layer, [line], delta, colour);
    if (loss === "absolute" && corners.length > 1) drawStrip(plot, layer, corners, 0, colour);
    points.forEach((point, i) => {
      const foot = heightAt(line, point.x);
      const tip = foot - pulls[i];
      const isShort = Math.abs(pulls[i]) < Math.abs(foot - point.y);
      if (isShort) plot.path(layer, [[point.x, tip], [point.x, point.y]], "muted thin");
      plot.path(layer, [[point.x, foot], [point.x, tip]], `${colour} bar`);
    });
    plot.path(layer, X.map((x) => [x, heightAt(line, x)]), `${colour} ${LINES[loss]}`);
    handles.forEach((handle, i) => handle.move(points[i].x, points[i].y));

    plot.text(notes, X[0], Y[1], stage.t(loss), `${colour} start`, { dy: -26 });
    plot.text(notes, X[0], Y[1], "y", "end", { dx: -7, dy: -10 });
    plot.text(notes, X[1], Y[1], equation(line), "end", { dy: -10 });
    drawPull(stage, plot, notes, points[worst], line, pulls[worst], colour);
  }

  // Beyond the point, as seen from the line, where the panel has room for it.
  function drawPull(stage, plot, layer, { x, y }, line, pull, colour) {
    const below = y < heightAt(line, x) ? y >= Y[0] + ROOM : y > Y[1] - ROOM;
    const middle = Math.max(X[0] + ROOM, Math.min(x, X[1] - ROOM));
    const words = stage.t("pull", { pull: decimals(Math.abs(pull)) });
    plot.text(layer, middle, y, words, `${colour} middle`, { dy: below ? 18 : -10 });
  }

  // All between the highest and the lowest of some lines, and so much more on either side.
  function drawStrip(plot, layer, lines, more, colour) {
    const xs = Array.from({ length: 61 }, (_, i) => X[0] + ((X[1] - X[0]) * i) / 60);
    const heights = xs.map((x) => lines.map((line) => heightAt(line, x)));
    const top = xs.map((x, i) => [x, Math.max(...heights[i]) + more]);
    const bottom = xs.map((x, i) => [x, Math.min(...heights[i]) - more]);
    plot.area(layer, [...top, ...bottom.reverse()], colour);
  }

  function sentences(stage, fits, worst) {
    const ofEach = (value) => Object.fromEntries(LOSSES.map((loss) => [loss, value(fits[loss])]));
    const parameters = ({ line }) => stage.t("parameters", { w: decimals(line.w), b: decimals(line.b) });
    const said = [
      stage.t("lines", ofEach(parameters)),
      stage.t("worst", { i: worst + 1, ...ofEach(({ pulls }) => shareOf(worst, pulls)) }),
    ];
    if (fits.absolute.corners.length > 1) said.push(stage.t("several"));
    return said.join("\n");
  }

  function tableOf(stage, points, fits) {
    const headers = LOSSES.flatMap((loss) => ["residualOf", "pullOf"].map((key) => stage.t(key, { loss: stage.t(loss) })));
    const rows = points.map((point, i) => [
      i + 1, decimals(point.x, 1), decimals(point.y, 1),
      ...LOSSES.flatMap((loss) => [decimals(Explore.tug.residual(point, fits[loss].line)), decimals(fits[loss].pulls[i])]),
    ]);
    return [[stage.t("number"), "x", "y", ...headers], rows];
  }

  Explore.add("tug", { words, start });
}
