import { dotted, each, icon, later, make } from "./dom.js";
import { getJson, NoNetwork } from "./net.js";
import { say } from "./words.js";

const WAIT = 120;
const BETWEEN = " · ";

// ARIA combobox over the directory. The list pushes what is below it and covers nothing.
class Typeahead {
  constructor(place) {
    this.place = place;
    this.box = place.querySelector(".ta");
    this.input = place.querySelector('[role="combobox"]');
    this.list = place.querySelector('[role="listbox"]');
    this.clear = place.querySelector(".ta__x");
    this.id = place.querySelector("[data-unionops-chosen-id]");
    this.detail = place.querySelector("[data-unionops-chosen-detail]");
    this.chosen = place.querySelector(".chosen");
    this.recent = [...place.querySelectorAll(".recent button")];
    this.options = [];
    this.active = -1;
    // Elsewhere a firm that the directory does not know may be noted by its name.
    this.knownOnly = "knownOnly" in place.dataset;
    const soon = later(WAIT, () => this.ask());
    this.input.addEventListener("input", () => { this.id.value = ""; this.clear.hidden = !this.input.value; soon(); });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.clear.addEventListener("click", () => this.empty());
    this.chosen.querySelector("button").addEventListener("click", () => this.empty());
    for (const button of this.recent) button.addEventListener("click", () => this.choose(this.ofButton(button)));
    this.input.form?.addEventListener("unionops:restored", () => this.show());
    this.input.form?.addEventListener("reset", () => setTimeout(() => this.show()));
    this.show();
  }

  ofButton(button) {
    const { id, name, detail, key } = button.dataset;
    return { id, name, detail, isKey: Boolean(key) };
  }

  ofResult(result) {
    const since = result.last_visit_days === null || result.last_visit_days === undefined ? say("visit.never") : say("visit.ago", { n: result.last_visit_days });
    const staff = result.staff ? say("visit.staff", { n: result.staff }) : "";
    return { id: result.id, name: result.name, mark: result.mark ?? [], isKey: result.key, parts: [result.town, staff, since], code: result.credit_code };
  }

  async ask() {
    const query = this.input.value.trim();
    this.question?.abort();
    if (!query) return this.close();
    this.question = new AbortController();
    try {
      const { results } = await getJson(this.place.dataset.url, { q: query }, this.question);
      this.open(results.map((result) => this.ofResult(result)), query);
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      const known = this.recent.map((button) => this.ofButton(button)).filter((item, index) => matches(this.recent[index], query));
      const why = this.knownOnly ? say("firm.no_names") : error instanceof NoNetwork ? say("visit.offline_names") : say("visit.no_names");
      this.open(known, query, why);
    }
    return undefined;
  }

  open(items, query, note = "") {
    const found = items.map((item, index) => this.option(item, index));
    const rows = [...found];
    if (note) rows.push(this.remark(note));
    this.options = found;
    if (!this.knownOnly) {
      const asTyped = make("li", { class: "ta__new", role: "option", id: `${this.input.id}-new`, "aria-selected": "false" }, icon("plus-lg"), say("visit.just_name", { name: query }));
      asTyped.addEventListener("click", () => this.choose({ id: "", name: query, detail: say("visit.just_name_note") }));
      rows.push(asTyped);
      this.options = [...found, asTyped];
    } else if (!found.length && !note) {
      rows.push(this.remark(say("firm.unknown", { name: query })));
    }
    this.list.replaceChildren(...rows);
    this.list.hidden = false;
    this.box.dataset.open = "";
    this.input.setAttribute("aria-expanded", "true");
    this.activate(found.length ? 0 : -1);
  }

  remark(text) {
    return make("li", { class: "ta__say", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text);
  }

  option(item, index) {
    const name = make("span", {}, ...marked(item.name, item.mark ?? []));
    const row = make(
      "li", { role: "option", id: `${this.input.id}-${index}`, "aria-selected": "false" },
      make("div", { class: "ta__n1" }, name, item.isKey ? make("span", { class: "u-tag" }, say("visit.key")) : null),
      make("div", { class: "ta__n2" }, ...dotted(...(item.parts ?? item.detail?.split(BETWEEN) ?? []))),
    );
    row.addEventListener("click", () => this.choose({ ...item, detail: item.detail ?? item.parts.filter(Boolean).join(BETWEEN) }));
    return row;
  }

  activate(index) {
    this.active = index;
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.options[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  onKey(event) {
    if (event.isComposing) return;
    const isOpen = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      return this.activate(this.active + step > last ? 0 : this.active + step < 0 ? last : this.active + step);
    }
    if (event.key === "Enter") {
      // Enter in this field never sends the whole form.
      event.preventDefault();
      if (isOpen) this.options[this.active]?.click();
    }
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.close();
    }
    return undefined;
  }

  choose(item) {
    this.id.value = item.id ?? "";
    this.input.value = item.name;
    this.detail.value = item.detail ?? "";
    this.close();
    this.show();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.place.dispatchEvent(new CustomEvent("unionops:chosen", { bubbles: true, detail: item }));
    this.chosen.querySelector("button").focus();
  }

  // Chosen: one quiet line; else the field and the recent ones.
  show() {
    const isChosen = Boolean(this.input.value && (this.id.value || this.detail.value));
    this.chosen.hidden = !isChosen;
    this.box.hidden = isChosen;
    this.clear.hidden = !this.input.value;
    for (const button of this.recent) button.parentElement.hidden = isChosen;
    this.chosen.querySelector(".ta__n1").textContent = this.input.value;
    this.chosen.querySelector(".ta__n2").replaceChildren(...dotted(...this.detail.value.split(BETWEEN)));
  }

  empty() {
    this.id.value = this.input.value = this.detail.value = "";
    this.close();
    this.show();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.input.focus();
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.options = [];
    delete this.box.dataset.open;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function matches(button, query) {
  const wanted = query.toLowerCase();
  return [button.dataset.name, ...(button.dataset.keys ?? "").split(" ")].some((text) => text.toLowerCase().includes(wanted));
}

// The parts of a name that answer to what was typed: [[0, 4]] marks its first four characters.
function marked(name, spans) {
  const characters = [...name];
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push(characters.slice(at, start).join(""), make("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  return [...parts, characters.slice(at).join("")];
}

export function startTypeahead() {
  each("[data-unionops-typeahead]", (place) => new Typeahead(place));
}
