const SVG = "http://www.w3.org/2000/svg";
const icons = document.querySelector('meta[name="unionops-icons"]')?.content ?? "";

// Make an element. Children are nodes or text, never markup: what people typed cannot become a tag.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ico");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons}#${name}`);
  svg.append(use);
  return svg;
}

export function middot() {
  return make("span", { class: "mid" }, "·");
}

// Texts with a middle dot between them.
export function dotted(...texts) {
  return texts.filter(Boolean).flatMap((text, index) => (index ? [middot(), text] : [text]));
}

export function user() {
  return document.documentElement.dataset.user || "";
}

export function later(wait, action) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), wait);
  };
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // randomUUID needs HTTPS or localhost; an office server on plain HTTP has only getRandomValues.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// Run once for each element that is there now and for whatever htmx brings later.
export function each(selector, action) {
  const met = new WeakSet();
  const meet = (root) => {
    for (const element of all(root, selector)) {
      if (met.has(element)) continue;
      met.add(element);
      action(element);
    }
  };
  meet(document);
  document.addEventListener("htmx:load", (event) => meet(event.detail.elt));
}

export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found;
}
