import { each, icon, make, newId, user } from "./dom.js";
import { collect, fingerprint } from "./entries.js";
import { say } from "./words.js";

const KEY = "_key";

// ---- one press, one effect: the same content goes out under the same key, other content under another

const sent = new WeakMap();

function giveKey(form, button) {
  const pressed = button?.name ? [[button.name, button.value]] : [];
  const content = fingerprint([...collect(form), ...pressed]);
  const before = sent.get(form);
  const key = before?.content === content ? before.key : newId();
  sent.set(form, { content, key });
  const field = form.elements[KEY] ?? form.appendChild(make("input", { type: "hidden", name: KEY }));
  field.value = key;
}

function busy(form, isBusy) {
  for (const button of form.querySelectorAll('button[type="submit"]')) {
    if (isBusy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

function guardSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-unionops-once]")) return;
    if (form.querySelector('[aria-busy="true"]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    giveKey(form, event.submitter);
    // Not before the browser has taken the pressed button's own name and value.
    setTimeout(() => busy(form, true));
    unsaved.delete(form);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches?.("form")) busy(event.detail.elt, false);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) busy(form, false);
  });
}

// ---- a form without a draft warns before it is left half filled: those of people without an account

const unsaved = new Set();

// The page is left on purpose.
export function letGo() {
  unsaved.clear();
}

function warnUnsaved() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!user() && form?.matches("[data-unionops-guard]")) unsaved.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });
}

// The server has sent back what was typed.
export function isBound(form) {
  return form.querySelector("[data-unionops-bound]") !== null;
}

// ---- errors: the same look as the server's, made here when there is no server to ask

export function showErrors(form, errors, { formErrors = [] } = {}) {
  clearErrors(form);
  const list = make("ul");
  for (const text of formErrors) list.append(make("li", {}, text));
  for (const [name, texts] of Object.entries(errors)) list.append(...oneError(form, name, [texts].flat()));
  if (!list.children.length) return;
  const box = make(
    "div", { class: "errors", role: "alert", tabindex: "-1", "data-unionops-errors": true },
    make("h2", {}, icon("exclamation-triangle-fill"), say("errors.title")), list,
  );
  form.prepend(box);
  box.focus();
  box.scrollIntoView({ block: "start" });
}

function oneError(form, name, texts) {
  const control = form.querySelector(`[name="${CSS.escape(name)}"]:not([type="hidden"]), [data-unionops-stands-for="${CSS.escape(name)}"]`);
  const part = control?.closest(".f, .five, [data-unionops-field]");
  if (!control || !part) return texts.map((text) => make("li", {}, text));
  const id = `${control.id || name}-err`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", id);
  part.classList.add("f--bad");
  const place = part.querySelector("[data-unionops-error-place]") ?? part;
  place.append(make("div", { class: "err", id, "data-unionops-local": true }, icon("exclamation-circle-fill"), make("span", {}, texts.join(" "))));
  for (const folded of ["details", "[data-unionops-folded]"]) unfold(control, folded);
  const words = (["radio", "checkbox"].includes(control.type) && part.querySelector("legend")) || control.labels?.[0];
  const label = words?.firstChild?.textContent.trim() || control.getAttribute("aria-label") || name;
  const link = make("a", { href: `#${control.id}`, onclick: (event) => { event.preventDefault(); control.focus(); } }, label);
  return [make("li", {}, link, say("colon"), texts.join(" "))];
}

function unfold(control, selector) {
  const parent = control.closest(selector);
  if (!parent) return;
  if (parent.tagName === "DETAILS") parent.open = true;
  else parent.dispatchEvent(new CustomEvent("unionops:unfold", { bubbles: true }));
}

export function clearErrors(form) {
  for (const made of form.querySelectorAll("[data-unionops-local], .errors")) made.remove();
  for (const part of form.querySelectorAll(".f--bad")) part.classList.remove("f--bad");
  for (const control of form.querySelectorAll('[aria-invalid="true"]')) control.removeAttribute("aria-invalid");
}

// ---- verbs: a form opens in place, and folds away

function markVerb(panel, verb) {
  for (const link of panel.querySelectorAll("[data-unionops-verb]")) {
    const isOpen = link === verb;
    link.setAttribute("aria-expanded", String(isOpen));
    link.classList.toggle("btn--on", isOpen);
    link.classList.toggle("btn-primary", !verb && link.hasAttribute("data-unionops-usual"));
  }
}

function startVerbs() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const verb = event.detail.requestConfig?.elt;
    if (!verb?.matches("[data-unionops-verb]") || event.detail.target.id !== "inform") return;
    markVerb(verb.closest("[data-unionops-verbs]"), verb);
    focusFirst(event.detail.target);
  });
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-unionops-fold]");
    const panel = fold?.closest("[data-unionops-verbs]");
    if (!panel) return;
    event.preventDefault();
    const verb = panel.querySelector('[data-unionops-verb][aria-expanded="true"]');
    panel.querySelector("#inform").replaceChildren();
    markVerb(panel, null);
    verb?.focus();
  });
}

function focusFirst(part) {
  const errors = part.querySelector("[data-unionops-errors]");
  const first = errors ?? part.querySelector('input:checked, input:not([type="hidden"]), select, textarea');
  first?.focus({ preventScroll: !errors });
}

// ---- filters send themselves

function startFilters() {
  each("[data-unionops-filter]", (form) => {
    for (const button of form.querySelectorAll("[data-unionops-nojs]")) button.hidden = true;
    // The boxes of the columns stand in it, too, but belong to another form.
    form.addEventListener("change", (event) => { if (event.target.form === form) form.requestSubmit(); });
    // An empty field says nothing: it stays out of the address.
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  });
}

// What is chosen stands on the button: «confirm that the grandmother takes it home».
function sayChoice() {
  const tell = (input) => {
    const said = input.form?.querySelector("[data-unionops-said]");
    if (said) said.textContent = input.dataset.unionopsSay;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-unionops-say]")) tell(event.target);
  });
  each("input[data-unionops-say]:checked", tell);
}

// What is at hand for a line, one tap each: the policies ticked in the same form first, then what the server offers.
const MOST_OFFERS = 5;
const parsed = (text) => JSON.parse(text || "[]");

export function offer(input) {
  const place = make("div", { class: "iss__quick", role: "group", "aria-label": say("offers", { what: input.labels[0]?.firstChild.textContent.trim() ?? "" }) });
  input.after(place);
  let drawn = "";
  const draw = () => {
    const ticked = [...(input.form?.querySelectorAll('[name="policies"]:checked') ?? [])].map((box) => box.labels[0].textContent.trim());
    const near = input.closest("[data-unionops-offered]")?.dataset.unionopsOffered;
    const all = new Set([...ticked, ...parsed(input.dataset.unionopsOffers), ...parsed(near)]);
    const offers = [...all].filter((text) => text !== input.value.trim()).slice(0, MOST_OFFERS);
    // A button that is replaced while a finger is on it is never pressed: leaving another field is a change too.
    if (offers.join("\n") === drawn) return;
    drawn = offers.join("\n");
    place.replaceChildren(...offers.map((text) => make("button", {
      type: "button", onclick: () => {
        input.value = text;
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
        input.focus({ preventScroll: true });
      },
    }, text)));
  };
  draw();
  input.addEventListener("input", draw);
  input.form?.addEventListener("change", draw);
  input.form?.addEventListener("unionops:restored", draw);
}

export function startForms() {
  guardSubmits();
  sayChoice();
  warnUnsaved();
  startVerbs();
  each("input[data-unionops-offers]", offer);
  startFilters();
  document.querySelector("main [data-unionops-errors]")?.focus();
}
