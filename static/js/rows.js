import { all, each } from "./dom.js";
import { isBound } from "./forms.js";
import { say } from "./words.js";

// Rows of a form (a Django formset): added, dropped, and added up against the total while somebody types.

const NUMBERED = ["name", "id", "for", "aria-describedby"];

class Rows {
  constructor(place) {
    this.place = place;
    this.prefix = place.dataset.unionopsRowset;
    this.total = place.querySelector(`[name="${this.prefix}-TOTAL_FORMS"]`);
    this.most = Number(place.querySelector(`[name="${this.prefix}-MAX_NUM_FORMS"]`).value);
    this.pattern = place.querySelector("template");
    this.add = place.querySelector("[data-unionops-row-add]");
    this.sum = place.querySelector("[data-unionops-sum]");
    this.form = place.closest("form");
    this.add.addEventListener("click", (event) => { event.preventDefault(); this.more()?.querySelector("select, input")?.focus(); });
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-unionops-row-drop]");
      if (button) this.drop(button.closest("[data-unionops-row]"));
    });
    this.form.addEventListener("unionops:make-room", (event) => this.makeRoom(event.detail));
    this.form.addEventListener("unionops:restored", () => this.tell());
    this.form.addEventListener("input", () => this.tell());
    this.form.addEventListener("change", () => this.tell());
    this.renumber();
  }

  lines() {
    return all(this.place, "[data-unionops-row]");
  }

  more() {
    if (this.lines().length >= this.most) return null;
    const line = this.pattern.content.querySelector("[data-unionops-row]").cloneNode(true);
    this.pattern.before(line);
    this.renumber();
    return line;
  }

  drop(line) {
    line.remove();
    this.renumber();
    this.place.dispatchEvent(new Event("change", { bubbles: true }));
    this.add.focus();
  }

  // As many rows as the draft that is coming back; what the server has sent back stands.
  makeRoom(entries) {
    if (isBound(this.form)) return;
    const wanted = Number(entries.find(([name]) => name === this.total.name)?.[1] ?? 0);
    while (this.lines().length < wanted && this.more());
    while (this.lines().length > wanted) this.lines().at(-1).remove();
    this.renumber();
  }

  renumber() {
    const own = new RegExp(`(${this.prefix}-)(\\d+|__prefix__)(?=-)`);
    const lines = this.lines();
    const title = this.place.querySelector("legend").textContent;
    lines.forEach((line, index) => {
      line.setAttribute("aria-label", `${title} ${index + 1}`);
      line.querySelector("[data-unionops-row-drop]").hidden = false;
      for (const element of line.querySelectorAll("*")) {
        for (const name of NUMBERED) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(own, `$1${index}`));
        }
      }
    });
    this.total.value = lines.length;
    this.add.disabled = lines.length >= this.most;
    this.tell();
  }

  // In fen: sums of decimal fractions would not be exact.
  tell() {
    if (!this.sum) return;
    const found = this.lines().reduce((sum, line) => sum + fen(line.querySelector('[name$="-amount"]').value), 0);
    const total = fen(this.form.elements[this.place.dataset.addsUp].value);
    const words = { sum: yuan(found), gap: yuan(Math.abs(total - found)) };
    this.sum.textContent = say(found === total ? "sum.fits" : found < total ? "sum.less" : "sum.more", words);
    this.sum.classList.toggle("is-good", found === total);
  }
}

function fen(text) {
  const value = Number(text.replace(/[,，\s]/g, ""));
  return Number.isFinite(value) ? Math.round(value * 100) : 0;
}

function yuan(value) {
  return (value / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function startRows() {
  each("[data-unionops-rowset]", (place) => new Rows(place));
}
