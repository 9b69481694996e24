// The kernel of the interactive figures.
//
// A page holds <figure class="explore NAME"> with a still image. Where NAME.js is loaded,
// the kernel hides the still and gives the figure a stage:
//
//   Explore.add("descend", {
//     words: { rate: { en: "learning rate", zh: "学习率" }, said: { en: "step {k}", zh: "第{k}步" } },
//     start(stage) { ... },
//   });
//
// Words
//   stage.t("rate")  stage.t("said", { k: 3 })     in the language of the page; some words are
//                                                  here already (see WORDS)
//   Explore.number(0.012345, 3)                    "0.0123": significant digits, a real minus sign
//   Explore.fixed(-1.005, 2)                       "−1.00": decimals; never a minus before zero
//
// Drawing. A figure keeps its state in variables and draws all of it in one function:
//   stage.onDraw(draw)                             calls it now and whenever a width changes
//   stage.redraw()                                 calls it again
//   const plot = stage.plot({ label, width, height, x: { domain: [0, 1], label, log }, y: {...},
//                             margin: { right: 80 } })
//     One unit is one CSS pixel: width and height are wishes; plot.width, plot.height tell.
//     Plots stand in a row that wraps. Side by side they are as high as the first of them;
//     heightAlone is the height of one that has a row to itself.
//     x or y may say ticks: [..] or ticks: false, and format(value).
//     plot.x(value) -> pixel, plot.x.inverse(pixel) -> value, plot.x.domain; the same for y
//     plot.rescale({ x: [0, 2], y: [0, 5] })       new domains (call it inside draw)
//     plot.keepProportions(1)                      x around 1, with units as long as those of y
//     plot.layer("name") -> <g>                    the same one each time, emptied by
//                                                  plot.clear("name"); cut off at the axes;
//                                                  plot.layer("name", { clip: false }) is not
//     plot.path(layer, [[x, y], ...], "blue dashed")
//     plot.area(layer, [[x, y], ...], "blue")               a filled polygon
//     plot.dot(layer, x, y, "orange open", "square")        circle, square, triangle, cross
//     plot.text(layer, x, y, "words", "blue start", { dx: 6, dy: -4 })   start, middle, end
//     plot.invert(event) -> { x, y }               the values below the pointer
//     plot.onPress((x, y) => ...)                  a click or a tap into the plot
//   Colours: blue orange green muted (ink without one). Lines: dashed dotted thin bar faint.
//   Dots: open small large; crowd for handles that stand close together. Colour is never the
//   only sign: add a line style, a shape or words.
//
// Controls, below the plots in the order of their making: sliders and choices in one row that
// wraps, buttons in a second
//   stage.slider({ label, min, max, step, value, log, format, mark, onInput(value) }) -> { value, set(v) }
//     log: equal ratios are equal distances; `step` then counts in powers of ten (0.05)
//     mark: { value, text } is a place on the track that has a meaning
//   stage.choice({ label, options: [{ value, text }], value, onChange(value) }) -> { value, set(v) }
//   stage.button({ label, onClick }) -> the <button>
//   stage.runButton({ label, step, every, done }) -> { stop }     starts and pauses stage.run
//
// Something to drag, by mouse, finger or arrow keys (Shift: five times as far). Make it once,
// not in draw, or it loses the focus; in draw only move it:
//   const start = stage.draggable(plot.handle("orange", "square"), {
//     plot, label, step: { x: 0.1, y: 0.1 }, axes: "xy", valueText: () => "...",
//     onMove(x, y) { ... },                        values inside the domains
//   });
//   start.move(x, y)
//
// Text and table
//   stage.say("One line.\nAnother.")               the live text; may be called at every step
//   stage.table(["step", "loss"], [[0, "1.5"], ...])      the alternative to the picture
//
// Running
//   stage.run({ step, every: 50, done }) -> { stop }
//     calls step() every so many milliseconds until it returns false, then done(). Only one
//     figure of a page runs at a time; out of sight it stops. Where the reader wishes less
//     motion, all steps (up to 10000) are done at once.
//
// Pure functions, for the figures and the tests: those that several figures share stand in
// mathematics.js as Explore.mathematics.NAME, those of one figure in its file as Explore.FIGURE.NAME.
//
// Random numbers, the same on every machine
//   const random = Explore.random(7)               random.uniform() random.normal()
//                                                  random.permutation(n)
"use strict";

const Explore = (() => {
  const LANGUAGE = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const WORDS = {
    run: { en: "Run", zh: "运行" },
    pause: { en: "Pause", zh: "暂停" },
    step: { en: "Step", zh: "走一步" },
    reset: { en: "Start again", zh: "重新开始" },
    table: { en: "As a table", zh: "查看数据表" },
    movable: { en: "movable point", zh: "可移动的点" },
  };
  const MARGIN = { top: 30, right: 16, bottom: 44, left: 48 };
  const MOST_STEPS = 10000;
  const figures = {};
  let running = null; // the one run of this page

  // Numbers and words

  const superscript = (exponent) => [...String(exponent)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] || "⁻").join("");
  const minus = (text) => text.replace("-", "−");
  const fixed = (value, decimals) => minus((Number(value.toFixed(decimals)) + 0).toFixed(decimals));

  function number(value, digits = 3) {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
    if (value === 0) return "0";
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
    if (exponent < -4 || exponent > 3) return minus(`${mantissa}\u00a0×\u00a010`) + superscript(exponent);
    return fixed(value, Math.max(0, digits - 1 - exponent));
  }

  function translate(words, key, values = {}) {
    const word = words[key] || WORDS[key];
    if (!word) throw new Error(`no words for "${key}"; known are ${Object.keys(words).join(", ")}`);
    return word[LANGUAGE].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  // Random numbers: the generator "mulberry32" of Tommy Ettinger, which is in the public domain.

  function random(seed) {
    let state = seed >>> 0;
    const uniform = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let z = Math.imul(state ^ (state >>> 15), state | 1);
      z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
      return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
    };
    // 1 - uniform() is never 0, so the logarithm is finite (Box and Muller).
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const permutation = (n) => {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i -= 1) {
        const j = Math.floor(uniform() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    };
    return { uniform, normal, permutation };
  }

  // Elements

  function html(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  let ids = 0;
  const freshId = () => `explore-${(ids += 1)}`;
  const pixel = (value) => (Math.round(value * 100) / 100).toString();
  const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

  // Scales and ticks

  function makeScale({ domain, log = false }, range) {
    const forward = log ? Math.log10 : (v) => v;
    const backward = log ? (v) => 10 ** v : (v) => v;
    const [low, high] = domain.map(forward);
    const ratio = (range[1] - range[0]) / (high - low);
    const scale = (value) => range[0] + (forward(value) - low) * ratio;
    scale.inverse = (position) => backward(low + (position - range[0]) / ratio);
    scale.domain = domain;
    return scale;
  }

  function linearTicks([low, high], count) {
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) ticks.push(k * step);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return ticks.map((value) => [value, fixed(value, digits)]);
  }

  function logTicks([low, high], count) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const stride = Math.max(1, Math.ceil((last - first) / count));
    const ticks = [];
    for (let k = first; k <= last; k += stride) {
      ticks.push([10 ** k, Math.abs(k) <= 3 ? number(10 ** k, 1) : `10${superscript(k)}`]);
    }
    return ticks;
  }

  function ticksOf(axis, count) {
    if (axis.ticks === false) return [];
    const ticks = axis.ticks
      ? axis.ticks.map((value) => [value, minus(String(value))])
      : (axis.log ? logTicks : linearTicks)(axis.domain, count);
    return axis.format ? ticks.map(([value]) => [value, axis.format(value)]) : ticks;
  }

  // A plot

  const SHAPES = {
    circle: (r) => svg("circle", { r }),
    square: (r) => svg("rect", { x: -r * 0.9, y: -r * 0.9, width: r * 1.8, height: r * 1.8 }),
    triangle: (r) => svg("path", { d: `M0,${-r * 1.2}L${r * 1.15},${r * 0.85}L${-r * 1.15},${r * 0.85}Z` }),
    cross: (r) => svg("path", { d: `M${-r},${-r}L${r},${r}M${-r},${r}L${r},${-r}` }),
  };

  function mark(className, shape) {
    const r = /\bsmall\b/.test(className) ? 3 : /\blarge\b/.test(className) ? 7 : 4.5;
    const element = SHAPES[shape](r);
    element.setAttribute("class", `dot ${shape} ${className}`);
    return element;
  }

  // The piece of a line inside a box. Far outside of a plot, where a path diverges, browsers
  // draw nonsense. (The method of Liang and Barsky.)
  function shorten(from, to, box) {
    let [start, end] = [0, 1];
    for (const name of ["x", "y"]) {
      const length = to[name] - from[name];
      const bounds = box[name].map((bound) => (bound - from[name]) / length);
      if (length === 0) {
        if (from[name] < box[name][0] || from[name] > box[name][1]) return null;
        continue;
      }
      start = Math.max(start, Math.min(...bounds));
      end = Math.min(end, Math.max(...bounds));
    }
    if (!(start <= end)) return null;
    const at = (share) => ({ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) });
    return [start === 0 ? from : at(start), end === 1 ? to : at(end)];
  }

  class Plot {
    constructor(options) {
      this.options = options;
      this.axes = { x: { ...options.x }, y: { ...options.y } };
      this.margin = { ...MARGIN, ...options.margin };
      this.clip = svg("rect");
      this.background = svg("rect", { class: "surface" });
      this.axisLayer = svg("g", { class: "axes", "aria-hidden": "true" });
      this.layers = {};
      const id = freshId();
      this.clipPath = `url(#${id})`;
      this.drawing = svg("g", { class: "drawing", "aria-hidden": "true" });
      this.handles = svg("g");
      this.draggables = [];
      this.svg = svg("svg", { role: "img", "aria-label": options.label },
        svg("clipPath", { id }, this.clip), this.background, this.axisLayer, this.drawing, this.handles);
      this.box = html("div", { class: "explore-plot" }, this.svg);
      this.box.style.flex = `${options.width} 1 ${Math.round(options.width * 0.8)}px`;
    }

    // Fits the plot to the width of its box; the height follows, but stays useful.
    layout(neighbourHeight) {
      const { width, height, heightAlone } = this.options;
      this.width = Math.round(this.box.clientWidth) || width;
      const alone = this.width > 0.9 * this.box.parentElement.clientWidth;
      const natural = Math.max((this.width * height) / width, Math.min(height, 230));
      this.height = Math.round(alone ? heightAlone || natural : neighbourHeight || natural);
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
      const { top, right, bottom, left } = this.margin;
      const inner = { x: left, y: top, width: this.width - left - right, height: this.height - top - bottom };
      for (const rect of [this.clip, this.background]) {
        for (const [name, value] of Object.entries(inner)) rect.setAttribute(name, value);
      }
      this.rescale({});
      return alone ? undefined : this.height;
    }

    rescale({ x, y }) {
      if (x) this.axes.x.domain = x;
      if (y) this.axes.y.domain = y;
      const { top, right, bottom, left } = this.margin;
      this.x = makeScale(this.axes.x, [left, this.width - right]);
      this.y = makeScale(this.axes.y, [this.height - bottom, top]);
      this.drawAxes();
    }

    // Makes one unit as long on both axes, with a value in the middle of the axis of x.
    keepProportions(middle) {
      const { top, right, bottom, left } = this.margin;
      const [low, high] = this.y.domain;
      const reach = ((high - low) / 2) * ((this.width - left - right) / (this.height - top - bottom));
      this.rescale({ x: [middle - reach, middle + reach] });
    }

    drawAxes() {
      const { top, right, bottom, left } = this.margin;
      const [floor, end] = [this.height - bottom, this.width - right];
      const layer = this.axisLayer;
      layer.replaceChildren();
      const line = (x1, y1, x2, y2, className) => {
        const d = `M${pixel(x1)},${pixel(y1)}L${pixel(x2)},${pixel(y2)}`;
        layer.append(svg("path", { d, class: className }));
      };
      const text = (x, y, words, className) => {
        layer.append(svg("text", { x: pixel(x), y: pixel(y), class: className }, words));
      };
      for (const [value, words] of ticksOf(this.axes.x, (end - left) / 70)) {
        line(this.x(value), floor, this.x(value), floor + 4, "tick");
        text(this.x(value), floor + 17, words, "middle");
      }
      for (const [value, words] of ticksOf(this.axes.y, (floor - top) / 45)) {
        line(left, this.y(value), end, this.y(value), "grid");
        text(left - 7, this.y(value) + 4, words, "end");
      }
      line(left, floor, end, floor, "axis");
      text(end, floor + 36, this.axes.x.label || "", "label end");
      text(4, 15, this.axes.y.label || "", "label start");
    }

    layer(name, { clip = true } = {}) {
      if (!this.layers[name]) {
        this.layers[name] = svg("g", { class: `layer ${name}` });
        if (clip) this.layers[name].setAttribute("clip-path", this.clipPath);
        this.drawing.append(this.layers[name]);
      }
      return this.layers[name];
    }

    clear(name) {
      this.layer(name).replaceChildren();
    }

    position([x, y]) {
      return `${pixel(this.x(x))},${pixel(this.y(y))}`;
    }

    path(layer, points, className = "") {
      const far = { x: [-this.width, 2 * this.width], y: [-this.height, 2 * this.height] };
      const places = points.map(([x, y]) => ({ x: this.x(x), y: this.y(y) }));
      let d = "";
      let pen = null; // where the line ends so far
      for (let i = 1; i < places.length; i += 1) {
        const piece = shorten(places[i - 1], places[i], far);
        if (!piece) continue;
        const [from, to] = piece.map(({ x, y }) => `${pixel(x)},${pixel(y)}`);
        d += from === pen ? `L${to}` : `M${from}L${to}`;
        pen = to;
      }
      const element = svg("path", { d, class: `line ${className}` });
      layer.append(element);
      return element;
    }

    area(layer, points, className = "") {
      const d = `M${points.map((point) => this.position(point)).join("L")}Z`;
      const element = svg("path", { d, class: `area ${className}` });
      layer.append(element);
      return element;
    }

    dot(layer, x, y, className = "", shape = "circle") {
      const element = mark(className, shape);
      element.setAttribute("transform", `translate(${this.position([x, y])})`);
      layer.append(element);
      return element;
    }

    text(layer, x, y, words, className = "start", { dx = 0, dy = 0 } = {}) {
      const place = { x: pixel(this.x(x) + dx), y: pixel(this.y(y) + dy) };
      const element = svg("text", { ...place, class: `note ${className}` }, words);
      layer.append(element);
      return element;
    }

    // A mark to drag, in a circle that is large enough for a finger; in a crowd both are smaller.
    handle(className = "", shape = "circle") {
      const crowd = /\bcrowd\b/.test(className);
      const reach = svg("circle", { r: crowd ? 16 : 22, class: "reach" });
      const ring = svg("circle", { r: crowd ? 10 : 13, class: "focus-ring" });
      const dot = mark(crowd ? className : `large ${className}`, shape);
      const handle = svg("g", { class: "handle" }, reach, ring, dot);
      this.handles.append(handle);
      this.svg.setAttribute("role", "group"); // of an image nobody could reach the parts
      return handle;
    }

    // Where circles overlap, the nearest mark is meant.
    gripNearest(event) {
      const place = this.invert(event);
      const distance = ({ at }) =>
        Math.hypot(this.x(at.x) - this.x(place.x), this.y(at.y) - this.y(place.y));
      const closer = (one, other) => (distance(other) < distance(one) ? other : one);
      this.draggables.reduce(closer).grip(event);
    }

    invert(event) {
      const box = this.svg.getBoundingClientRect();
      const scale = this.width / box.width;
      return {
        x: this.x.inverse((event.clientX - box.left) * scale),
        y: this.y.inverse((event.clientY - box.top) * scale),
      };
    }

    inside({ x, y }) {
      return { x: clamp(x, this.x.domain), y: clamp(y, this.y.domain) };
    }

    onPress(act) {
      this.background.classList.add("pressable");
      this.svg.addEventListener("click", (event) => {
        if (event.target.closest(".handle")) return;
        const { x, y } = this.inside(this.invert(event));
        act(x, y);
      });
    }
  }

  // Dragging

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

  function makeDraggable(element, { plot, label, valueText, onMove, step = {}, axes = "xy" }) {
    const main = axes === "y" ? "y" : "x";
    const at = { x: 0, y: 0 };
    const steps = (name) => step[name] || (plot[name].domain[1] - plot[name].domain[0]) / 50;
    const attributes = {
      tabindex: 0,
      role: "slider",
      "aria-label": label,
      "aria-roledescription": translate({}, "movable"),
    };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);

    const wish = (place) => {
      const { x, y } = plot.inside(place);
      onMove(axes.includes("x") ? x : at.x, axes.includes("y") ? y : at.y);
    };
    element.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      const factor = event.shiftKey ? 5 : 1;
      wish({ x: at.x + arrow[0] * factor * steps("x"), y: at.y + arrow[1] * factor * steps("y") });
    });
    const grip = (event) => {
      event.preventDefault();
      element.focus({ preventScroll: true });
      element.setPointerCapture(event.pointerId);
      // Where it was gripped, it stays gripped: no jump at the first touch.
      const start = plot.invert(event);
      const from = { ...at };
      const follow = (moved) => {
        const now = plot.invert(moved);
        wish({ x: from.x + now.x - start.x, y: from.y + now.y - start.y });
      };
      const release = () => {
        element.removeEventListener("pointermove", follow);
        element.removeEventListener("pointerup", release);
        element.removeEventListener("pointercancel", release);
      };
      element.addEventListener("pointermove", follow);
      element.addEventListener("pointerup", release);
      element.addEventListener("pointercancel", release);
    };
    plot.draggables.push({ at, grip });
    element.addEventListener("pointerdown", (event) => plot.gripNearest(event));
    return {
      element,
      move(x, y) {
        Object.assign(at, { x, y });
        element.setAttribute("transform", `translate(${plot.position([x, y])})`);
        element.setAttribute("aria-valuemin", pixel(plot[main].domain[0]));
        element.setAttribute("aria-valuemax", pixel(plot[main].domain[1]));
        element.setAttribute("aria-valuenow", pixel(at[main]));
        element.setAttribute("aria-valuetext", valueText());
      },
    };
  }

  // Running

  const stillness = matchMedia("(prefers-reduced-motion: reduce)");

  function runAtOnce({ step, done }) {
    for (let k = 0; k < MOST_STEPS && step() !== false; k += 1);
    if (done) done();
    return { stop() {} };
  }

  function run(figure, options) {
    if (running) running.stop();
    if (stillness.matches) return runAtOnce(options);
    const { step, every = 50, done } = options;
    let next = performance.now();
    let frame = 0;
    const sight = new IntersectionObserver((entries) => {
      if (!entries[entries.length - 1].isIntersecting) self.stop();
    });
    const self = {
      stop() {
        if (running !== self) return;
        running = null;
        cancelAnimationFrame(frame);
        sight.disconnect();
        if (done) done();
      },
    };
    const tick = (now) => {
      if (now >= next) {
        next = Math.max(next + every, now); // a late frame is not made up for
        if (step() === false) {
          self.stop();
          return;
        }
      }
      if (running === self) frame = requestAnimationFrame(tick);
    };
    running = self;
    sight.observe(figure);
    frame = requestAnimationFrame(tick);
    return self;
  }

  // The stage

  class Stage {
    constructor(figure, words) {
      this.figure = figure;
      this.words = words;
      this.plotList = [];
      this.drawings = [];
      this.plots = html("div", { class: "explore-plots" });
      this.fields = html("div", { class: "explore-fields" });
      this.buttons = html("div", { class: "explore-buttons" });
      this.spoken = html("p", { class: "explore-say", "aria-hidden": "true" });
      this.live = html("p", { class: "explore-live", "aria-live": "polite" });
      const parts = [this.plots, this.fields, this.buttons, this.spoken, this.live];
      this.element = html("div", { class: "explore-stage" }, ...parts);
      figure.prepend(this.element);
    }

    t(key, values) {
      return translate(this.words, key, values);
    }

    plot(options) {
      const plot = new Plot(options);
      this.plotList.push(plot);
      this.plots.append(plot.box);
      this.layout();
      return plot;
    }

    layout() {
      let height;
      for (const plot of this.plotList) height = plot.layout(height);
    }

    onDraw(draw) {
      this.drawings.push(draw);
      draw();
    }

    redraw() {
      for (const draw of this.drawings) draw();
    }

    followWidth() {
      let width = this.plots.clientWidth;
      new ResizeObserver(() => {
        if (this.plots.clientWidth === width) return;
        width = this.plots.clientWidth;
        this.layout();
        this.redraw();
      }).observe(this.plots);
    }

    slider({ label, min, max, step, value, log = false, format = number, mark, onInput }) {
      const forward = log ? Math.log10 : (v) => v;
      const backward = log ? (v) => 10 ** v : (v) => v;
      const id = freshId();
      const input = html("input", { type: "range", id, min: forward(min), max: forward(max), step });
      const output = html("output", { for: id });
      const box = html("div", { class: "explore-slider" }, html("label", { for: id }, label), output, input);
      if (mark) {
        const share = (forward(mark.value) - forward(min)) / (forward(max) - forward(min));
        box.append(html("span", { class: "explore-mark", style: `--share: ${share}` }, mark.text));
      }
      this.fields.append(box);
      const slider = {
        value,
        set(v) {
          slider.value = v;
          input.value = forward(v);
          slider.show();
        },
        show() {
          output.textContent = format(slider.value);
          input.setAttribute("aria-valuetext", format(slider.value));
        },
      };
      input.addEventListener("input", () => {
        slider.value = backward(Number(input.value));
        slider.show();
        onInput(slider.value);
      });
      slider.set(value);
      return slider;
    }

    choice({ label, options, value, onChange }) {
      const name = freshId();
      const set = html("fieldset", { class: "explore-choice" }, html("legend", {}, label));
      const choice = {
        value,
        set(v) {
          choice.value = v;
          for (const [i, radio] of radios.entries()) radio.checked = options[i].value === v;
        },
      };
      const radios = options.map((option) => {
        const radio = html("input", { type: "radio", name });
        set.append(html("label", {}, radio, html("span", {}, option.text)));
        radio.addEventListener("change", () => {
          choice.value = option.value;
          onChange(option.value);
        });
        return radio;
      });
      choice.set(value);
      this.fields.append(set);
      return choice;
    }

    button({ label, onClick }) {
      const button = html("button", { type: "button", class: "explore-button" }, label);
      button.addEventListener("click", onClick);
      this.buttons.append(button);
      return button;
    }

    runButton({ label = this.t("run"), step, every, done }) {
      let going = null;
      const stop = () => {
        if (going) going.stop();
      };
      const finish = () => {
        going = null;
        button.textContent = label;
        if (done) done();
      };
      const button = this.button({
        label,
        onClick: () => {
          if (going) return stop();
          const started = this.run({ step, every, done: finish });
          if (stillness.matches) return; // it has run already
          going = started;
          button.textContent = this.t("pause");
        },
      });
      return { stop, button };
    }

    draggable(element, options) {
      return makeDraggable(element, options);
    }

    // What is seen changes at once; what is read aloud waits until the values rest.
    say(text) {
      this.spoken.textContent = text;
      clearTimeout(this.saying);
      this.saying = setTimeout(() => {
        this.live.textContent = text;
      }, 400);
    }

    table(headers, rows) {
      if (!this.details) {
        // Who scrolls by keyboard must be able to get in.
        const region = { tabindex: 0, role: "region", "aria-label": this.t("table") };
        this.body = html("div", { class: "explore-table", ...region });
        this.details = html("details", {}, html("summary", {}, this.t("table")), this.body);
        this.details.addEventListener("toggle", () => this.fillTable());
        this.element.append(this.details);
      }
      this.rows = { headers, rows };
      this.fillTable();
    }

    fillTable() {
      if (!this.details.open) return;
      const { headers, rows } = this.rows;
      const cells = (tag, row, attributes) =>
        html("tr", {}, ...row.map((cell) => html(tag, attributes, String(cell))));
      this.body.replaceChildren(html("table", {},
        html("thead", {}, cells("th", headers, { scope: "col" })),
        html("tbody", {}, ...rows.map((row) => cells("td", row, {})))));
    }

    run(options) {
      return run(this.figure, options);
    }
  }

  // Starting

  function start(element) {
    const name = Object.keys(figures).find((known) => element.classList.contains(known));
    if (!name) return;
    element.classList.add("live"); // first, because a plot measures its place
    const stage = new Stage(element, figures[name].words);
    try {
      figures[name].start(stage);
    } catch (error) {
      element.classList.remove("live"); // the still is better than half a figure
      stage.element.remove();
      throw error;
    }
    stage.followWidth();
  }

  function startAll() {
    for (const element of document.querySelectorAll("figure.explore")) start(element);
  }

  // Scripts that are deferred have run when the page says that it is ready.
  document.addEventListener("DOMContentLoaded", startAll);

  return {
    add(name, figure) {
      figures[name] = figure;
    },
    number,
    fixed,
    random,
  };
})();
