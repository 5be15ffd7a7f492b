import { all, each } from "./dom.js";

// People to tick: the box above them finds by name or pinyin, chosen ones stay in sight at the top.
class Folk {
  constructor(place) {
    this.find = place.querySelector(".folk__find");
    this.list = place.querySelector(".folk");
    this.none = place.querySelector(".folk__none");
    this.lines = all(this.list, "label");
    this.find.hidden = false;
    this.find.addEventListener("input", () => this.show());
    this.find.addEventListener("keydown", (event) => this.onKey(event));
    place.closest("form")?.addEventListener("unionops:restored", () => { this.find.value = ""; this.show(); });
    this.show();
  }

  show() {
    const typed = this.find.value.trim();
    const wanted = typed.toLowerCase().replace(/\s+/g, "");
    const isWanted = (line) => line.textContent.includes(typed) || line.dataset.keys.split(" ").some((key) => key.startsWith(wanted));
    for (const line of this.lines) line.hidden = Boolean(wanted) && !isWanted(line);
    this.none.hidden = this.lines.some((line) => !line.hidden);
    // While nothing is looked for, who goes along stands first.
    if (!wanted) {
      const isFirst = (line) => line.querySelector("input").checked;
      this.none.before(...this.lines.filter(isFirst), ...this.lines.filter((line) => !isFirst(line)));
    }
    this.list.scrollTop = 0;
  }

  // Enter takes the only one that is left and makes room for the next; it never sends the form.
  onKey(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const left = this.lines.filter((line) => !line.hidden);
    if (!this.find.value.trim() || left.length !== 1) return;
    left[0].querySelector("input").click();
    this.find.value = "";
    this.show();
  }
}

export function startFolk() {
  each("[data-unionops-folk]", (place) => new Folk(place));
}
