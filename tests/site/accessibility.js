"use strict";
// Lets axe-core, which the page must have loaded, look at a page by light and by dark, narrow and
// wide, in little time. Four fifths of its time go to the contrast of texts, one by one, although
// most of them are alike. What it finds stays the same.

// The colors of a text are those of its style and of the styles around it.
const STYLE = [
  "color", "fontSize", "fontWeight", "textShadow",
  "webkitTextFillColor", "webkitTextStrokeColor", "webkitTextStrokeWidth",
  "backgroundColor", "opacity", "mixBlendMode",
];
const numbers = new Map(); // a style is long, its number short
let styles = new Map(); // the numbers of elements, as the page looks now
const passed = { texts: new Set(), styles: new Set() };

function numberOf(text) {
  if (!numbers.has(text)) numbers.set(text, numbers.size);
  return numbers.get(text);
}

function styleOf(element) {
  if (!element) return "";
  if (!styles.has(element)) {
    const style = getComputedStyle(element);
    const own = STYLE.map((name) => style[name]);
    styles.set(element, numberOf([styleOf(element.parentElement), ...own].join()));
  }
  return styles.get(element);
}

// A text passes without being judged again where another one has passed that has the same style
// and, behind its lines, elements of the same styles: axe computes the contrast from nothing else.
const check = axe._audit.checks["color-contrast"];
const judge = check.evaluate;
check.evaluate = function (element, ...given) {
  const lines = axe.commons.dom.getTextElementStack(element).map((stack) => stack.map(styleOf).join());
  const text = numberOf([styleOf(element), ...new Set(lines)].join("|"));
  if (passed.texts.has(text)) return true;
  const verdict = judge.call(this, element, ...given);
  if (verdict && axe.commons.dom.isVisibleOnScreen(element)) {
    passed.texts.add(text);
    passed.styles.add(styleOf(element));
  }
  return verdict;
};

// In a block of code the words of one kind look alike on the same background. One of each kind is
// left; the others become plain text in their place.
function thinOutCode() {
  for (const block of document.querySelectorAll("pre")) {
    const kinds = new Set();
    for (const word of block.querySelectorAll("span:not(:has(*))")) {
      let kind = "";
      for (let part = word; part !== block; part = part.parentElement) {
        kind += `${part.cloneNode().outerHTML}/`;
      }
      if (kinds.has(kind)) word.replaceWith(word.textContent);
      kinds.add(kind);
    }
    block.normalize();
  }
}

// The texts that are shown in a style in which none has passed; punctuation alone axe leaves out.
function unknownTexts() {
  const read = (node) => node.nodeType === Node.TEXT_NODE && /[^\s!-/:-@[-`{-~]/.test(node.data);
  const written = "input:not([type=radio], [type=checkbox], [type=range]), select, textarea";
  return [...document.querySelectorAll("body *")].filter((element) =>
    ([...element.childNodes].some(read) || element.matches(written)) &&
    element.checkVisibility({ visibilityProperty: true }) && !passed.styles.has(styleOf(element)));
}

// What axe finds in the whole page, or in the texts of unknown style alone: { rule: [where, ...] }.
window.lookAt = async (whole, options) => {
  styles = new Map();
  const context = whole ? document : { include: unknownTexts() };
  if (!whole && !context.include.length) return {};
  const { violations } = await axe.run(context, { resultTypes: ["violations"], preload: false, ...options });
  return Object.fromEntries(violations.map(({ id, nodes }) =>
    [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))]));
};

window.thinOutCode = thinOutCode;
