import { all, dotted, later, make } from "./dom.js";
import { offer } from "./forms.js";
import { getJson } from "./net.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

// The issues heard on a visit: a Django formset whose cards are added, folded, changed and removed here.

const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

export class Issues {
  constructor(place) {
    this.place = place;
    this.prefix = place.dataset.prefix;
    this.total = place.querySelector(`[name="${this.prefix}-TOTAL_FORMS"]`);
    this.pattern = place.querySelector("template");
    this.add = place.querySelector("[data-unionops-issue-add]");
    this.promises = new Map();
    this.add.addEventListener("click", () => this.addCard().focus());
    for (const card of this.cardElements()) {
      const issue = new Issue(this, card);
      if (issue.isBlank() && !card.querySelector(".err")) card.remove();
    }
    this.renumber();
  }

  cardElements() {
    return all(this.place, "[data-unionops-issue]");
  }

  cards() {
    return this.cardElements().map((card) => card.issue);
  }

  addCard() {
    const fragment = this.pattern.content.cloneNode(true);
    const card = fragment.querySelector("[data-unionops-issue]");
    setNumber(card, "__prefix__", this.cardElements().length);
    this.add.before(fragment);
    offer(card.querySelector("[data-unionops-offers]"));
    const issue = new Issue(this, card);
    this.renumber();
    return issue;
  }

  makeRoom(entries) {
    const wanted = Number(entries.find(([name]) => name === this.total.name)?.[1] ?? 0);
    while (this.cardElements().length < wanted) this.addCard();
    while (this.cardElements().length > wanted) this.cardElements().at(-1).remove();
    this.renumber();
  }

  renumber() {
    this.cardElements().forEach((card, index) => setNumber(card, "\\d+", index, this.prefix));
    this.total.value = this.cardElements().length;
    for (const [index, issue] of this.cards().entries()) issue.setPosition(index);
    this.place.dispatchEvent(new CustomEvent("unionops:counted", { bubbles: true }));
  }

  drop(issue) {
    const { card } = issue;
    const next = card.nextElementSibling;
    card.remove();
    this.renumber();
    this.place.dispatchEvent(new Event("change", { bubbles: true }));
    const undo = () => { (next?.isConnected ? next : this.add).before(card); this.renumber(); };
    if (!issue.isBlank()) toast(say("issue.removed"), { label: say("undo"), action: undo, stay: 10000 });
    this.add.focus();
  }

  // What the office will do with it, asked once for each category and urgency.
  async promise(category, urgency) {
    const key = `${category}|${urgency}`;
    if (!this.promises.has(key)) {
      const answer = getJson(this.place.dataset.promiseUrl, { category, urgency });
      this.promises.set(key, answer);
      answer.catch(() => this.promises.delete(key));
    }
    return this.promises.get(key);
  }

  similar(query, enterprise) {
    return getJson(this.place.dataset.similarUrl, { q: query, enterprise });
  }
}

function setNumber(card, from, to, prefix = "") {
  const pattern = new RegExp(`(${prefix || "[a-z]+"}-)${from}(?=[-_]|$)`, "g");
  for (const element of [card, ...card.querySelectorAll("*")]) {
    for (const name of NUMBERED) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(pattern, `$1${to}`));
    }
  }
}

class Issue {
  constructor(issues, card) {
    this.issues = issues;
    this.card = card;
    card.issue = this;
    this.parts = Object.fromEntries(all(card, "[data-part]").map((part) => [part.dataset.part, part]));
    this.splitCategories();
    this.chosenDepartment = false;
    const look = later(500, () => this.lookForSame());
    card.addEventListener("input", (event) => { if (event.target === this.control("title")) { this.suggest(); look(); } });
    card.addEventListener("change", (event) => this.onChange(event));
    this.parts.edit_button.addEventListener("click", () => { this.fold(false); this.focus(); });
    this.parts.done_button.addEventListener("click", () => this.finish());
    this.parts.remove_button.addEventListener("click", () => this.issues.drop(this));
    card.addEventListener("unionops:unfold", () => this.fold(false));
    this.update();
  }

  control(field) {
    return this.card.querySelector(`[name$="-${field}"]`);
  }

  value(field) {
    const control = this.control(field);
    if (control?.type === "radio") return this.card.querySelector(`[name$="-${field}"]:checked`)?.value ?? "";
    return control?.value.trim() ?? "";
  }

  isBlank() {
    return !this.value("title") && !this.value("explanation");
  }

  setPosition(index) {
    this.parts.number.textContent = say("issue.number", { n: index + 1 });
    this.card.querySelector("[data-part=handling] legend").textContent = say("issue.what_now", { n: index + 1 });
  }

  focus() {
    this.control("title").focus();
  }

  // Nineteen first-level categories with up to eight below each: two short lists instead of one long one.
  splitCategories() {
    const fine = this.control("category");
    const groups = [...fine.querySelectorAll("optgroup")];
    if (!groups.length) return;
    this.choices = groups.map((group) => ({ label: group.label, options: [...group.children] }));
    this.rest = [...fine.children].filter((child) => child.tagName === "OPTION");
    const single = this.rest.filter((option) => option.value);
    const coarse = make("select", { class: "form-select", id: `${fine.id}-first`, "aria-label": say("issue.first_level") }, make("option", { value: "" }, say("issue.first_level")));
    this.choices.forEach((choice, index) => coarse.append(make("option", { value: `g${index}` }, choice.label)));
    single.forEach((option) => coarse.append(make("option", { value: option.value }, option.textContent)));
    this.coarse = coarse;
    coarse.addEventListener("change", (event) => { event.stopPropagation(); this.pickFirst(); });
    this.parts.category.classList.add("grid-f");
    const half = (child) => make("div", { class: "half" }, child);
    fine.before(half(coarse));
    const below = half(document.createTextNode(""));
    fine.replaceWith(below);
    below.append(fine);
    this.showCategory();
  }

  showFine(options) {
    const fine = this.control("category");
    fine.replaceChildren(...this.rest.filter((option) => !option.value), ...options);
    fine.parentElement.hidden = !this.coarse.value.startsWith("g");
  }

  pickFirst() {
    const fine = this.control("category");
    if (this.coarse.value.startsWith("g")) {
      const { options } = this.choices[Number(this.coarse.value.slice(1))];
      this.showFine(options);
      fine.value = options.length === 1 ? options[0].value : "";
    } else {
      this.showFine(this.rest.filter((option) => option.value));
      fine.value = this.coarse.value;
    }
    fine.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Set both lists to a category of the second level.
  setCategory(value) {
    const index = this.choices?.findIndex(({ options }) => options.some((option) => option.value === value)) ?? -1;
    if (!this.coarse) {
      this.control("category").value = value;
    } else if (index >= 0) {
      this.coarse.value = `g${index}`;
      this.showFine(this.choices[index].options);
    } else {
      this.coarse.value = value;
      this.showFine(this.rest.filter((option) => option.value));
    }
    this.control("category").value = value;
  }

  showCategory() {
    this.setCategory(this.control("category").value);
  }

  // Before a draft is filled in, the second list must hold every category again.
  openCategories() {
    if (this.coarse) this.control("category").replaceChildren(...this.rest, ...this.choices.flatMap(({ options }) => options));
  }

  categoryWords() {
    const option = this.control("category").selectedOptions[0];
    if (!option?.value) return [];
    const first = this.coarse?.value.startsWith("g") ? this.coarse.selectedOptions[0].textContent : "";
    return [first, option.textContent];
  }

  // Categories whose name stands in the text, as quick buttons.
  suggest() {
    const text = this.value("title");
    const every = (this.choices ?? []).flatMap(({ label, options }) => options.map((option) => ({ label, option })));
    const found = every.map((one) => ({ ...one, score: nearness(text, one.option.textContent) * 2 + nearness(text, one.label) })).filter(({ score }) => score);
    found.sort((one, other) => other.score - one.score);
    // What the office calls by other words comes first, as soon as the server has told.
    const meant = (this.meant ?? []).flatMap((id) => every.filter(({ option }) => Number(option.value) === id));
    const offered = [...meant, ...found.filter(({ option }) => !meant.some((one) => one.option === option))];
    const wanted = offered.slice(0, 3).filter(({ option }) => option.value !== this.value("category"));
    this.parts.quick.replaceChildren(...wanted.map(({ label, option }) => make("button", {
      type: "button", onclick: () => { this.setCategory(option.value); this.control("category").dispatchEvent(new Event("change", { bubbles: true })); },
    }, ...dotted(label, option.textContent))));
  }

  async lookForSame() {
    const query = this.value("title");
    const { same } = this.parts;
    this.meant = [];
    if ([...query].length < 4) { same.hidden = true; return; }
    let results = [];
    try {
      const enterprise = this.card.closest("form").querySelector("[data-unionops-chosen-id]")?.value ?? "";
      const told = await this.issues.similar(query, enterprise);
      ({ results } = told);
      this.meant = told.categories ?? [];
      if (this.meant.length && !this.value("category")) this.suggest();
    } catch {
      // A hint that can't be had is no hint.
    }
    same.hidden = !results.length;
    const links = results.map((found) => make("a", { href: found.url, target: "_blank", rel: "noopener" }, `${found.number} ${found.title} `, make("span", { class: "nw" }, ...dotted(found.state, found.day))));
    same.replaceChildren(make("b", {}, say("issue.same")), ...links);
  }

  onChange(event) {
    if (event.target === this.control("category")) {
      this.parts.quick.replaceChildren();
      this.chosenDepartment = false;
    }
    if (event.target === this.control("department")) this.chosenDepartment = event.isTrusted;
    this.update();
  }

  update() {
    const handling = this.value("handling");
    this.parts.explain.hidden = handling !== "explain";
    this.parts.submit.hidden = handling !== "submit";
    const urgency = this.card.querySelector('[name$="-urgency"]:checked');
    this.parts.urgency.className = `iss__shut urg urg--${urgency?.value ?? 3}`;
    this.parts.urgency.textContent = urgency ? this.card.querySelector(`label[for="${urgency.id}"]`).textContent.trim() : "";
    this.parts.words.replaceChildren(...dotted(...this.categoryWords()));
    this.parts.text.textContent = this.value("title");
    if (handling === "submit") this.showPromise();
    this.showNote();
  }

  async showPromise() {
    const category = this.value("category");
    const urgency = this.value("urgency") || "3";
    const line = this.parts.promise;
    if (!category) { line.textContent = say("issue.pick_category"); return; }
    try {
      const { department, text } = await this.issues.promise(category, urgency);
      const name = department?.name ?? "";
      const select = this.control("department");
      if (select && department && !this.chosenDepartment) select.value = department.id;
      line.replaceChildren(...stressed(text, name));
    } catch {
      line.textContent = say("issue.promise_offline");
    }
    this.showNote();
  }

  showNote() {
    const handling = this.value("handling");
    const understood = this.card.querySelector('[name$="-understood"]:checked');
    const { note } = this.parts;
    if (handling === "explain" && this.value("explanation")) {
      const end = understood?.value === "True" ? say("issue.understood") : understood ? say("issue.not_understood") : "";
      note.replaceChildren(this.value("explanation"), " ", make("b", {}, end));
    } else if (handling === "submit") {
      note.replaceChildren(...[...this.parts.promise.childNodes].map((node) => node.cloneNode(true)));
    } else {
      note.replaceChildren();
    }
  }

  finish() {
    const missing = ["title", "category"].find((field) => !this.value(field));
    if (missing) {
      (missing === "category" && this.coarse && !this.coarse.value ? this.coarse : this.control(missing)).focus();
      toast(say(missing === "title" ? "issue.need_title" : "issue.need_category"), { tone: "warn" });
      return;
    }
    const lacks = this.value("handling") === "explain" && ["explanation", "explanation_basis"].find((field) => !this.value(field));
    if (lacks) {
      this.control(lacks).focus();
      toast(say(lacks === "explanation" ? "issue.need_explanation" : "issue.need_basis"), { tone: "warn" });
      return;
    }
    this.fold(true);
    this.issues.add.focus();
  }

  fold(isFolded) {
    this.card.dataset.folded = String(isFolded);
    this.update();
  }
}

// The department and the last day are what the cadre tells the worker: they stand out.
function stressed(text, name) {
  const day = /\d\d-\d\d(?: 周.)?/.exec(text)?.[0];
  return [name, day].filter(Boolean).reduce(
    (parts, word) => parts.flatMap((part) => (typeof part === "string" ? split(part, word) : [part])),
    [text],
  );
}

function split(text, word) {
  const at = text.indexOf(word);
  return at < 0 ? [text] : [text.slice(0, at), make("b", { class: "nw" }, word), text.slice(at + word.length)];
}

// How much of a category's name stands in the text: the longest piece of it, in characters, from two on.
function nearness(text, name) {
  let best = 0;
  for (const piece of name.split(/[\s/、（）(),，→]+/)) {
    const characters = [...piece];
    for (let start = 0; start < characters.length; start += 1) {
      for (let end = characters.length; end > start + Math.max(1, best); end -= 1) {
        if (text.includes(characters.slice(start, end).join(""))) best = Math.max(best, end - start);
      }
    }
  }
  return best;
}
