// Glow: Planck's law with a temperature to set, and three spectra to fit it to.
"use strict";

// The mathematics, without a page: temperatures in kelvins, wavelengths in micrometres,
// wavenumbers in 1/cm. The constants are those of lr_lib/physics.py.
Explore.glow = (() => {
  const PLANCK_CONSTANT = 6.62607015e-34; // h, in J s
  const SPEED_OF_LIGHT = 299792458; // c, in m/s
  const BOLTZMANN_CONSTANT = 1.380649e-23; // k, in J/K
  const METRE_KELVINS = (PLANCK_CONSTANT * SPEED_OF_LIGHT) / BOLTZMANN_CONSTANT; // hc/k

  // Planck's law

  // ln(x³ / (exp(x) - 1)), with exp(x) - 1 = exp(x) (1 - exp(-x)): nothing overflows where x
  // is large, and expm1 keeps the digits where it is small.
  const logPlanckShape = (x) => 3 * Math.log(x) - x - Math.log(-Math.expm1(-x));
  const planckShape = (x) => Math.exp(logPlanckShape(x));

  // The slope of the logarithm of the radiance with respect to ln T: 1 where x is small,
  // x where it is large.
  const steepness = (x) => x / -Math.expm1(-x);

  const xOfWavelength = (micrometres, T) => (1e6 * METRE_KELVINS) / (micrometres * T);
  const xOfWavenumber = (perCm, T) => (100 * METRE_KELVINS * perCm) / T;

  const FLUX = (2 * BOLTZMANN_CONSTANT ** 4) / (PLANCK_CONSTANT ** 3 * SPEED_OF_LIGHT ** 2);
  const MJY = 1e20; // megajansky in a W m^-2 Hz^-1
  const SCALE = ((2 * BOLTZMANN_CONSTANT ** 3) / (PLANCK_CONSTANT * SPEED_OF_LIGHT) ** 2) * MJY;

  // The logarithm of the glow, the power per unit of ln(wavelength), in W m^-2 sr^-1.
  function logGlow(micrometres, T) {
    const x = xOfWavelength(micrometres, T);
    return Math.log(FLUX) + 4 * Math.log(T) + Math.log(x) + logPlanckShape(x);
  }

  // The intensity in MJy/sr.
  function intensity(perCm, T) {
    return SCALE * T ** 3 * planckShape(xOfWavenumber(perCm, T));
  }

  // Where the two have their maxima: at these values of x.
  const X_OF_MOST_GLOW = 3.920690394872886;
  const X_OF_MOST_INTENSITY = 2.8214393721220787;
  const wavelengthOfMostGlow = (T) => xOfWavelength(X_OF_MOST_GLOW, T);
  const wavenumberOfMostIntensity = (T) => (X_OF_MOST_INTENSITY * T) / (100 * METRE_KELVINS);

  // Spectra. The labels are what the loss compares: logarithms where the noise is a fraction
  // of the reading, the readings themselves where each has an uncertainty of its own.

  const NOISE = 0.25; // of the logarithm of a synthetic reading
  const SHORTEST = 0.4;
  const LONGEST = 20;

  function syntheticSpectrum(T, seed, n = 40) {
    const random = Explore.random(seed);
    const at = Array.from({ length: n }, (_, i) => SHORTEST * (LONGEST / SHORTEST) ** (i / (n - 1)));
    return {
      at,
      labels: at.map((micrometres) => logGlow(micrometres, T) + NOISE * random.normal()),
      sigma: at.map(() => NOISE),
      predict: logGlow,
      slope: (micrometres, T) => steepness(xOfWavelength(micrometres, T)),
    };
  }

  // Wavenumber in 1/cm, intensity in MJy/sr, uncertainty in kJy/sr; from
  // lr_lib/data/cosmic_background_firas.csv, where the instrument FIRAS and its papers are named.
  const FIRAS = [
    [2.27, 200.723, 14], [2.72, 249.508, 19], [3.18, 293.024, 25], [3.63, 327.77, 23], [4.08, 354.081, 22],
    [4.54, 372.079, 21], [4.99, 381.493, 18], [5.45, 383.478, 18], [5.9, 378.901, 16], [6.35, 368.833, 14],
    [6.81, 354.063, 13], [7.26, 336.278, 12], [7.71, 316.076, 11], [8.17, 293.924, 10], [8.62, 271.432, 11],
    [9.08, 248.239, 12], [9.53, 225.94, 14], [9.98, 204.327, 16], [10.44, 183.262, 18], [10.89, 163.83, 22],
    [11.34, 145.75, 22], [11.8, 128.835, 23], [12.25, 113.568, 23], [12.71, 99.451, 23], [13.16, 87.036, 22],
    [13.61, 75.876, 21], [14.07, 65.766, 20], [14.52, 57.008, 19], [14.97, 49.223, 19], [15.43, 42.267, 19],
    [15.88, 36.352, 21], [16.34, 31.062, 23], [16.79, 26.58, 26], [17.24, 22.644, 28], [17.7, 19.255, 30],
    [18.15, 16.391, 32], [18.61, 13.811, 33], [19.06, 11.716, 35], [19.51, 9.921, 41], [19.97, 8.364, 55],
    [20.42, 7.087, 88], [20.87, 5.801, 155], [21.33, 4.523, 282],
  ];
  const KJY_IN_MJY = 1000;

  const sky = {
    at: FIRAS.map(([wavenumber]) => wavenumber),
    labels: FIRAS.map(([, reading]) => reading),
    sigma: FIRAS.map(([, , uncertainty]) => uncertainty / KJY_IN_MJY),
    predict: intensity,
    slope: (perCm, T) => intensity(perCm, T) * steepness(xOfWavenumber(perCm, T)),
  };

  const spectra = { lamp: syntheticSpectrum(2800, 1), sun: syntheticSpectrum(5772, 2), sky };

  // The fit

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // What the curve is above each reading, in units of its noise.
  function residuals({ at, labels, sigma, predict }, T) {
    return at.map((where, i) => (predict(where, T) - labels[i]) / sigma[i]);
  }

  const chiSquared = (spectrum, T) => sum(residuals(spectrum, T).map((r) => r * r));
  const chiSquaredPerDegree = (spectrum, T) => chiSquared(spectrum, T) / (spectrum.at.length - 1);
  const typicalResidual = (spectrum, T) => Math.sqrt(chiSquared(spectrum, T) / spectrum.at.length);

  // The derivative of chi-squared with respect to ln T, and its second derivative without the
  // part that vanishes with the residuals: near the minimum the two are nearly the same, and
  // far from it this one is still positive.
  function derivatives(spectrum, T) {
    const { at, sigma, slope } = spectrum;
    const slopes = at.map((where, i) => slope(where, T) / sigma[i]);
    return {
      gradient: 2 * sum(residuals(spectrum, T).map((r, i) => r * slopes[i])),
      curvature: 2 * sum(slopes.map((s) => s * s)),
    };
  }

  const LONGEST_STEP = 0.25; // of ln T: a step changes T by a quarter or so, at most

  // One step of gradient descent in ln T. The learning rate is one over the curvature.
  function gradientStep(spectrum, T) {
    const { gradient, curvature } = derivatives(spectrum, T);
    const step = -gradient / curvature;
    return T * Math.exp(Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step)));
  }

  const arrived = (before, after) => Math.abs(after / before - 1) < 1e-9;

  function fit(spectrum, start) {
    let T = start;
    for (let k = 0; k < 100; k += 1) {
      const next = gradientStep(spectrum, T);
      if (arrived(T, next)) return next;
      T = next;
    }
    return T;
  }

  // The colour

  // The colour-matching functions of the CIE's observer of 1931, in the approximation of Wyman,
  // Sloan and Shirley (2013): sums of bells, each with a left and a right width, which stand
  // here as their reciprocals.
  const LOBES = {
    x: [[1.056, 599.8, 0.0264, 0.0323], [0.362, 442.0, 0.0624, 0.0374], [-0.065, 501.1, 0.049, 0.0382]],
    y: [[0.821, 568.8, 0.0213, 0.0247], [0.286, 530.9, 0.0613, 0.0322]],
    z: [[1.217, 437.0, 0.0845, 0.0278], [0.681, 459.0, 0.0385, 0.0725]],
  };

  function lobe(nanometres, [height, centre, left, right]) {
    const t = (nanometres - centre) * (nanometres < centre ? left : right);
    return height * Math.exp((-t * t) / 2);
  }

  function colourMatching(nanometres) {
    return [LOBES.x, LOBES.y, LOBES.z].map((lobes) => sum(lobes.map((each) => lobe(nanometres, each))));
  }

  // X, Y and Z of a black body, up to a common factor.
  function tristimulus(T) {
    const total = [0, 0, 0];
    for (let nanometres = 360; nanometres <= 830; nanometres += 5) {
      const radiance = Math.exp(logGlow(nanometres / 1000, T)) / nanometres;
      colourMatching(nanometres).forEach((value, i) => {
        total[i] += value * radiance;
      });
    }
    return total;
  }

  function chromaticity(T) {
    const XYZ = tristimulus(T);
    return XYZ.slice(0, 2).map((value) => value / sum(XYZ));
  }

  // From XYZ to the linear primaries of sRGB (IEC 61966-2-1).
  const TO_SRGB = [
    [3.2406, -1.5372, -0.4986],
    [-0.9689, 1.8758, 0.0415],
    [0.0557, -0.204, 1.057],
  ];

  // As bright as a screen can show it; what lies outside its colours is moved to their edge.
  function screenColour(XYZ) {
    const linear = TO_SRGB.map((row) => Math.max(0, sum(row.map((weight, i) => weight * XYZ[i]))));
    const brightest = Math.max(...linear);
    const encode = (v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
    return linear.map((v) => Math.round(255 * encode(v / brightest)));
  }

  // Below this no body glows visibly, as Draper found in 1847.
  const DRAPER_POINT = 798;
  const glows = (T) => T >= DRAPER_POINT;

  // Light of more than a millimetre is called microwaves. The limits above the Draper point
  // only divide a continuous row of colours into words.
  const MICROWAVES = 1000;
  const COLOURS = [
    [DRAPER_POINT, "infrared"], [1200, "red"], [2300, "orange"], [3300, "amber"],
    [5000, "yellowish"], [7500, "white"], [Infinity, "bluish"],
  ];

  function colourName(T) {
    if (wavelengthOfMostGlow(T) > MICROWAVES) return "microwaves";
    return COLOURS.find(([limit]) => T < limit)[1];
  }

  return {
    logPlanckShape, planckShape, steepness, logGlow, intensity, wavelengthOfMostGlow, wavenumberOfMostIntensity,
    spectra, residuals, chiSquared, chiSquaredPerDegree, typicalResidual, derivatives, gradientStep, arrived, fit,
    colourMatching, tristimulus, chromaticity, screenColour, colourName, glows,
  };
})();

// The figure.
(() => {
  const { glow, number } = Explore;

  const words = {
    spectrum: { en: "spectrum (lamp and Sun are simulated)", zh: "光谱（灯和太阳为模拟数据）" },
    lamp: { en: "lamp", zh: "灯" },
    sun: { en: "Sun", zh: "太阳" },
    sky: { en: "sky", zh: "天空" },
    temperature: { en: "temperature", zh: "温度" },
    fit: { en: "Fit by gradient descent", zh: "用梯度下降拟合" },

    spectrumPlot: { en: "readings and Planck's curve at the chosen temperature", zh: "读数，以及所选温度的普朗克曲线" },
    wavelength: { en: "wavelength in µm", zh: "波长（µm）" },
    glow: { en: "glow in W·m⁻²·sr⁻¹", zh: "波段亮度（W·m⁻²·sr⁻¹）" },
    wavenumber: { en: "wavenumber in 1/cm", zh: "波数（1/cm）" },
    intensity: { en: "intensity in MJy/sr", zh: "强度（MJy/sr）" },
    readings: { en: "readings", zh: "读数" },
    visible: { en: "visible", zh: "可见光" },
    invisible: { en: "invisible", zh: "不可见" },

    lossPlot: { en: "chi-squared per degree of freedom against the temperature", zh: "卡方除以自由度，随温度的变化" },
    kelvins: { en: "temperature in K", zh: "温度（K）" },
    loss: { en: "chi-squared per degree of freedom", zh: "卡方÷自由度" },
    noise: { en: "noise only", zh: "只有噪声" },

    stepped: { en: "Step {k}. ", zh: "第{k}步。" },
    said: {
      en: "A black body at {T} {colour}. Its curve peaks at {peak} and misses the readings by about {misses} times their noise: chi-squared per degree of freedom is {loss}.",
      zh: "{T}的黑体{colour}。曲线的峰在{peak}，与读数之差约为噪声的{misses}倍，卡方除以自由度为{loss}。",
    },
    micrometres: { en: "{peak} µm", zh: "{peak} µm处" },
    perCm: { en: "{peak} per cm", zh: "每厘米{peak}处" },
    microwaves: { en: "is invisible, because it emits microwaves", zh: "不可见，发出的是微波" },
    infrared: { en: "is invisible, because it emits infrared light", zh: "不可见，发出的是红外光" },
    red: { en: "glows red", zh: "发红光" },
    orange: { en: "glows orange", zh: "发橙色的光" },
    amber: { en: "glows amber", zh: "发橙黄色的光" },
    yellowish: { en: "glows yellowish white", zh: "发微黄的白光" },
    white: { en: "glows white", zh: "发白光" },
    bluish: { en: "glows bluish white", zh: "发微蓝的白光" },

    predicted: { en: "the curve there", zh: "该处的曲线" },
    residual: { en: "residual / noise", zh: "残差÷噪声" },
  };

  // How each spectrum is shown, in the units of the chapter; labels are keys of the words.

  const body = {
    start: 1500,
    spectrum: {
      x: { domain: [0.3, 30], log: true, label: "wavelength", ticks: [0.5, 1, 2, 5, 10, 20] },
      y: { domain: [1e2, 1e8], log: true, label: "glow" },
    },
    loss: {
      x: { domain: [300, 15000], log: true, label: "kelvins", ticks: [300, 1000, 3000, 10000] },
      y: { domain: [0.1, 1e5], log: true, label: "loss" },
    },
    heightOf: Math.exp, // the labels are logarithms
    kelvins: (T) => `${T.toFixed(0)} K`,
    peak: (T) => ["micrometres", glow.wavelengthOfMostGlow(T)],
    labelShift: 20, // of the words at the peak: to where the plot is empty
  };

  const sky = {
    start: 3,
    spectrum: {
      x: { domain: [0, 22], log: false, label: "wavenumber", ticks: [0, 5, 10, 15, 20] },
      y: { domain: [0, 600], log: false, label: "intensity" },
    },
    loss: {
      x: { domain: [1.5, 4.5], log: false, label: "kelvins", ticks: [2, 3, 4] },
      y: { domain: [0.1, 1e10], log: true, label: "loss" },
    },
    heightOf: (label) => label,
    kelvins: (T) => `${T.toFixed(4)} K`,
    peak: (T) => ["perCm", glow.wavenumberOfMostIntensity(T)],
    labelShift: -9,
  };

  const views = { lamp: body, sun: body, sky };

  // Part 0 of an axis is its beginning, part 1 its end.
  function valueAt({ domain: [low, high], log }, part) {
    return log ? low * (high / low) ** part : low + (high - low) * part;
  }

  function partOf({ domain: [low, high], log }, value) {
    return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  const along = (axis, n) => Array.from({ length: n }, (_, i) => valueAt(axis, (i + 1) / n));

  // Drawing, each part into a layer of its own

  function freshLayer(plot, name) {
    plot.clear(name);
    return plot.layer(name);
  }

  const css = (colour) => `rgb(${colour.join(", ")})`;

  function append(layer, tag, attributes, style, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    Object.assign(element.style, style);
    element.append(...children);
    layer.append(element);
  }

  // A strip of spectral colours. Each piece reaches to the end, so that no seams show.
  function drawVisibleLight(plot, { x, y }, name) {
    const layer = freshLayer(plot, "visible");
    if (x.label !== "wavelength") return;
    const [floor, end] = [y.domain[0], 0.74];
    const top = plot.y.inverse(plot.y(floor) - 7);
    for (let nanometres = 380; nanometres < 740; nanometres += 10) {
      const start = nanometres / 1000;
      const piece = plot.area(layer, [[start, floor], [start, top], [end, top], [end, floor]]);
      piece.style.fill = css(glow.screenColour(glow.colourMatching(nanometres)));
      piece.style.fillOpacity = 1;
    }
    plot.text(layer, 0.53, top, name, "muted middle", { dy: -6 });
  }

  function drawReadings(plot, { at, labels, sigma }, heightOf, name) {
    const layer = freshLayer(plot, "readings");
    at.forEach((where, i) => {
      const ends = [labels[i] - sigma[i], labels[i] + sigma[i]];
      plot.path(layer, ends.map((end) => [where, heightOf(end)]), "blue thin");
      plot.dot(layer, where, heightOf(labels[i]), "blue small").setAttribute("r", 2.5);
    });
    const middle = Math.round(at.length * 0.45);
    plot.text(layer, at[middle], heightOf(labels[middle]), name, "blue start", { dx: 10, dy: -8 });
  }

  function drawCurve(plot, { predict }, { heightOf, spectrum, kelvins, peak, labelShift }, T) {
    const layer = freshLayer(plot, "curve");
    const curve = (where) => [where, heightOf(predict(where, T))];
    plot.path(layer, along(spectrum.x, 250).map(curve), "orange");
    const [, highest] = peak(T);
    const [left, right] = [0.1, 0.8].map((part) => valueAt(spectrum.x, part));
    const [x, y] = curve(Math.min(right, Math.max(left, highest)));
    const inside = Math.min(y, valueAt(spectrum.y, 0.85));
    plot.text(layer, x, inside, kelvins(T), "orange middle", { dy: labelShift });
  }

  // The body itself in a dark room: a sphere in its colour, or the outline of one.
  function drawBody(plot, T, invisible) {
    const layer = freshLayer(plot, "body");
    const side = Math.min(68, plot.width / 5);
    const [x, y] = [plot.width - plot.margin.right - side, plot.margin.top];
    append(layer, "rect", { x, y, width: side, height: side, rx: 6 }, { fill: "#111", stroke: "#777" });
    const centre = { cx: x + side / 2, cy: y + side / 2 };
    if (glow.glows(T)) {
      const fill = css(glow.screenColour(glow.tristimulus(T)));
      for (const [share, fillOpacity] of [[0.45, 0.12], [0.36, 0.2], [0.27, 1]]) append(layer, "circle", { ...centre, r: share * side }, { fill, fillOpacity });
    } else {
      append(layer, "circle", { ...centre, r: side * 0.45 }, { fill: "none", stroke: "#aaa", strokeDasharray: "3 4" });
      append(layer, "text", { x: centre.cx, y: centre.cy + 4, class: "middle" }, { fill: "#fff" }, invisible);
    }
  }

  const lossAt = (spectrum) => (T) => [T, glow.chiSquaredPerDegree(spectrum, T)];

  // The valley of the sky is so narrow that it needs points of its own.
  function temperaturesToDraw(axis, lowest) {
    const near = along({ domain: [1e-7, 0.1], log: true }, 30);
    const valley = near.flatMap((part) => [lowest * (1 - part), lowest * (1 + part)]);
    return [...along(axis, 200), axis.domain[0], lowest, ...valley].sort((one, other) => one - other);
  }

  function drawLoss(plot, spectrum, { start, loss }, walk, noise) {
    const layer = freshLayer(plot, "loss");
    const [low, high] = loss.x.domain;
    const lowest = glow.fit(spectrum, start);
    plot.path(layer, [[low, 1], [high, 1]], "muted dashed thin");
    plot.path(layer, temperaturesToDraw(loss.x, lowest).map(lossAt(spectrum)));
    if (partOf(loss.x, lowest) > 0.5) plot.text(layer, low, 1, noise, "muted start", { dx: 5, dy: -6 });
    else plot.text(layer, high, 1, noise, "muted end", { dx: -5, dy: -6 });
    for (const T of walk) plot.dot(layer, ...lossAt(spectrum)(T), "orange open small");
  }

  function start(stage) {
    let name = "lamp";
    let walk = [views[name].start]; // the temperatures that the gradient steps have passed

    const view = () => views[name];
    const spectrum = () => glow.spectra[name];
    const temperature = () => walk[walk.length - 1];

    const size = { width: 380, height: 330, heightAlone: 240 };
    const left = stage.plot({ ...size, label: stage.t("spectrumPlot"), ...body.spectrum });
    const right = stage.plot({ ...size, label: stage.t("lossPlot"), ...body.loss });
    const marker = stage.draggable(right.handle("orange"), {
      plot: right,
      label: stage.t("temperature"),
      axes: "x",
      step: {
        get x() { // a hundredth of where it is
          return temperature() / 100;
        },
      },
      valueText: () => view().kelvins(temperature()),
      onMove: search,
    });

    stage.choice({
      label: stage.t("spectrum"),
      options: Object.keys(views).map((value) => ({ value, text: stage.t(value) })),
      value: name,
      onChange(chosen) {
        name = chosen;
        search(view().start);
      },
    });
    // The spectra have different temperatures to offer; to the slider they are parts of an axis.
    const slider = stage.slider({
      label: stage.t("temperature"),
      min: 0,
      max: 1,
      step: 1 / 3000,
      value: 0,
      format: (part) => view().kelvins(valueAt(view().loss.x, part)),
      onInput: (part) => search(valueAt(view().loss.x, part)),
    });
    stage.button({
      label: stage.t("step"),
      onClick() {
        runner.stop();
        step();
      },
    });
    const runner = stage.runButton({ label: stage.t("fit"), step, every: 350 });
    stage.onDraw(draw);

    function search(T) {
      runner.stop();
      walk = [T];
      stage.redraw();
    }

    function step() {
      const next = glow.gradientStep(spectrum(), temperature());
      if (glow.arrived(temperature(), next)) return false;
      walk.push(next);
      stage.redraw();
      return true;
    }

    function draw() {
      const T = temperature();
      setAxes(left, view().spectrum);
      setAxes(right, view().loss);
      drawVisibleLight(left, view().spectrum, stage.t("visible"));
      drawCurve(left, spectrum(), view(), T);
      drawReadings(left, spectrum(), view().heightOf, stage.t("readings"));
      drawBody(left, T, stage.t("invisible"));
      drawLoss(right, spectrum(), view(), walk, stage.t("noise"));
      marker.move(...lossAt(spectrum())(T));
      slider.set(partOf(view().loss.x, T));
      stage.say(description(T));
      stage.table(tableHeaders(), tableRows(T));
    }

    function setAxes(plot, { x, y }) {
      Object.assign(plot.axes.x, x, { label: stage.t(x.label) });
      Object.assign(plot.axes.y, y, { label: stage.t(y.label) });
      plot.rescale({});
    }

    function description(T) {
      const [unit, peak] = view().peak(T);
      const said = stage.t("said", {
        T: view().kelvins(T),
        colour: stage.t(glow.colourName(T)),
        peak: stage.t(unit, { peak: number(peak) }),
        misses: number(Number(glow.typicalResidual(spectrum(), T).toPrecision(2)), 2),
        loss: number(glow.chiSquaredPerDegree(spectrum(), T)),
      });
      return walk.length > 1 ? stage.t("stepped", { k: walk.length - 1 }) + said : said;
    }

    function tableHeaders() {
      const { x, y } = view().spectrum;
      return [x.label, y.label, "predicted", "residual"].map((key) => stage.t(key));
    }

    function tableRows(T) {
      const { at, labels, predict } = spectrum();
      const { heightOf } = view();
      return glow.residuals(spectrum(), T).map((residual, i) => {
        const values = [at[i], heightOf(labels[i]), heightOf(predict(at[i], T))];
        return [...values.map((value) => number(value, 4)), number(residual, 2)];
      });
    }
  }

  Explore.add("glow", { words, start });
})();
