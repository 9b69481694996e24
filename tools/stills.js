// Run by tools/stills.py in the page of a figure.

// Turns the plots into one drawing: styles become attributes, and what only a living
// figure needs is left out. Returns the text of an SVG file.
globalThis.drawStill = (fonts) => {
  const DEFAULTS = {
    fill: "rgb(0, 0, 0)", "fill-opacity": "1", stroke: "none", "stroke-width": "1px",
    "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linecap": "butt",
    "stroke-linejoin": "miter", opacity: "1", "font-size": "16px", "font-weight": "400",
    "font-style": "normal", "text-anchor": "start",
  };
  const GEOMETRY = ["x", "y", "width", "height", "viewBox", "d", "r", "cx", "cy", "id", "transform",
    "clip-path", "dx", "dy"];
  const SHOWN = ["path", "circle", "rect", "text", "tspan"];
  const UNSEEN = ".surface, .reach, .focus-ring";
  const hex = (color) => color.replace(/rgb\((\d+), (\d+), (\d+)\)/, (_, ...parts) =>
    "#" + parts.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join(""));
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const attributesOf = (element) => {
    const attributes = {};
    for (const name of GEOMETRY) {
      if (element.hasAttribute(name)) attributes[name] = element.getAttribute(name);
    }
    if (!SHOWN.includes(element.tagName)) return attributes;
    const style = getComputedStyle(element);
    const words = element.closest("text");
    for (const [name, usual] of Object.entries(DEFAULTS)) {
      const value = style.getPropertyValue(name);
      if (value !== usual && (words || !/^(font|text)/.test(name))) {
        attributes[name] = hex(value).replace(/(\d)px/g, "$1");
      }
    }
    if (style.stroke === "none") {
      for (const name of Object.keys(attributes)) {
        if (name.startsWith("stroke-")) delete attributes[name];
      }
    }
    return attributes;
  };
  const still = (element) => {
    if (element.matches(UNSEEN) || getComputedStyle(element).display === "none") return [];
    const copy = make(element.tagName, attributesOf(element));
    for (const child of element.childNodes) {
      copy.append(...(child.nodeType === Node.TEXT_NODE ? [child.data] : still(child)));
    }
    if (element.tagName === "g" && !copy.childNodes.length) return [];
    if (element.tagName !== "text" || !copy.hasAttribute("stroke")) return [copy];
    // Not every program knows paint-order: the rim is drawn below the words.
    const words = copy.cloneNode(true);
    for (const name of copy.getAttributeNames()) {
      if (name.startsWith("stroke")) words.removeAttribute(name);
    }
    return [copy, words];
  };
  const plots = [...document.querySelectorAll(".explore-plot svg")];
  const row = document.querySelector(".explore-plots").getBoundingClientRect();
  const [width, height] = [row.width, row.height].map(Math.ceil);
  const viewBox = `0 0 ${width} ${height}`;
  const drawing = make("svg", { width, height, viewBox, "font-family": fonts });
  drawing.append(make("rect", { width, height, fill: "#ffffff" }));
  for (const plot of plots) {
    const box = plot.getBoundingClientRect();
    const [drawn] = still(plot);
    const place = { x: box.x - row.x, y: box.y - row.y, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(place)) drawn.setAttribute(name, Math.round(value));
    drawing.append(drawn);
  }
  return new XMLSerializer().serializeToString(drawing);
};
