import { each, icon, later, make, user } from "./dom.js";
import { fill, fingerprint, secretsOf } from "./entries.js";
import { isBound, showErrors } from "./forms.js";
import { shelf } from "./shelf.js";
import { age, clock, say } from "./words.js";

const WAIT = 400;
const COOKIE = "drafts_done";
const watched = new Map();

// Every form that is filled in and sent. A search asks again, files go up at once, and rows are picked anew.
const FORMS = 'form[method="post"]:not([role="search"], [data-unionops-upload], [data-unionops-bulk], .menu__list)';
const FILLED = "textarea, select, input:not([type=hidden], [type=submit], [type=search])";

const addressOf = (form) => form.getAttribute("action") || `${location.pathname}${location.search}`;

// A form is known by where it is sent, and the second one of a page by that too. One of which several may be open has a
// name and a client_id. A cookie holds these letters without quotes.
function nameOf(form) {
  if (form.dataset.unionopsDraft) return form.dataset.unionopsDraft;
  const address = addressOf(form);
  const before = [...document.querySelectorAll(FORMS)].filter((other) => addressOf(other) === address).indexOf(form);
  return `${address}${before > 0 ? `:${before}` : ""}`.replace(/[^\w.:-]/g, "~").slice(0, 150);
}

function keyOf(form) {
  const instance = form.elements.client_id?.value;
  return instance ? `${nameOf(form)}:${instance}` : nameOf(form);
}

// The address without what only says which draft is meant.
function origin() {
  const values = new URLSearchParams(location.search);
  values.delete("draft");
  values.delete("fresh");
  return `${location.pathname}?${values}`;
}

// A reloaded or evicted tab comes back to the same draft.
function nameInAddress(draft) {
  const values = new URLSearchParams(location.search);
  if (!draft.form.elements.client_id || values.get("draft") === draft.key) return;
  values.delete("fresh");
  values.set("draft", draft.key);
  history.replaceState(history.state, "", `${location.pathname}?${values}`);
}

const idOf = (key) => `${user()}|${key}`;

class Draft {
  constructor(form) {
    this.form = form;
    this.isOver = false;
    this.name = nameOf(form);
    // Said with the draft: what it does not hold.
    this.lacks = secretsOf(form).length > 0 || (!shelf.takesFiles && form.querySelector('input[type="file"]') !== null);
    this.place();
    this.begin();
    this.soon = later(WAIT, () => this.save());
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    form.addEventListener("submit", () => this.save());
  }

  // Where it says that it has been kept: beside the button, where the form has no place of its own for it.
  place() {
    if (this.form.querySelector("[data-unionops-saved]")) return;
    const button = [...this.form.querySelectorAll('button[type="submit"]')].at(-1);
    button?.parentElement.append(make("span", { class: "saved", "data-unionops-saved": true, hidden: true }));
  }

  // Take the form as it stands for its empty state.
  begin() {
    this.key = keyOf(this.form);
    this.empty = fingerprint(shelf.entriesOf(this.form));
    this.last = this.empty;
    const field = this.form.querySelector('input[name="_draft"]') ?? this.form.appendChild(make("input", { type: "hidden", name: "_draft" }));
    field.value = this.key;
  }

  record() {
    const title = this.form.querySelector("[data-unionops-draft-title]");
    return {
      id: idOf(this.key), user: user(), key: this.key, name: this.name,
      origin: origin(), title: title?.value.trim() ?? "", saved_at: Date.now(), entries: shelf.entriesOf(this.form),
    };
  }

  async save() {
    if (this.isOver || !this.form.isConnected) return;
    const record = this.record();
    const print = fingerprint(record.entries);
    if (print === this.last) return;
    this.last = print;
    if (print === this.empty) {
      await shelf.remove(record.id);
      this.tell("");
    } else if (await shelf.put(record)) {
      nameInAddress(this);
      this.tellSaved(record);
    } else {
      this.tell(say("draft.cannot"), "exclamation-triangle");
    }
  }

  tellSaved(record) {
    this.tell(say(this.lacks ? shelf.words.savedBut : shelf.words.saved, { time: clock(record.saved_at) }));
  }

  tell(text, glyph = "check-circle-fill") {
    for (const line of this.form.querySelectorAll("[data-unionops-saved]")) {
      line.hidden = !text;
      line.replaceChildren(icon(glyph), text);
    }
  }

  restore(record, { filesOnly = false } = {}) {
    if (!filesOnly && this.form.elements.client_id) {
      this.form.elements.client_id.value = record.entries.find(([name]) => name === "client_id")?.[1] ?? "";
    }
    // Repeated parts make room for what comes.
    this.form.dispatchEvent(new CustomEvent("unionops:make-room", { detail: record.entries }));
    fill(this.form, record.entries, { filesOnly });
    const empty = this.empty;
    this.begin();
    this.empty = empty;
    nameInAddress(this);
    this.tellSaved(record);
    this.form.dispatchEvent(new CustomEvent("unionops:restored"));
  }
}

// The newest draft of this very address comes back by itself; others are only offered.
async function bringBack(draft) {
  const { form } = draft;
  const several = Boolean(form.elements.client_id);
  const kept = several
    ? (await shelf.all()).filter((record) => record.name === draft.name)
    : [await shelf.get(idOf(draft.key))].filter(Boolean);
  kept.sort((one, other) => other.saved_at - one.saved_at);
  if (isBound(form)) {
    // The server has sent back the text with its errors; only the files can't come from there.
    const same = kept.find((record) => record.key === draft.key);
    if (same) draft.restore(same, { filesOnly: true });
    return;
  }
  const values = new URLSearchParams(location.search);
  const own =
    kept.find((record) => record.key === values.get("draft")) ??
    (values.has("fresh") ? undefined : kept.find((record) => record.origin === origin()));
  if (own) draft.restore(own);
  // It came back from the outbox: the server has said what is wrong with it.
  if (own?.errors) showErrors(form, own.errors, { formErrors: [own.said].filter(Boolean) });
  offer(draft, own, kept.filter((record) => record !== own), several);
}

function offer(draft, own, others, several) {
  if (!own && !others.length) return;
  const text = make("div");
  const note = make("div", { class: "note", role: "status" }, icon("clock-history"), text);
  if (own) {
    const again = make("button", { class: "btn btn-sm", type: "button", onclick: () => startAgain(draft, own, several, note) }, several ? say("draft.another") : say("draft.drop"));
    text.append(make("p", {}, say(draft.lacks ? shelf.words.restoredBut : shelf.words.restored, { time: clock(own.saved_at) })), make("div", { class: "btns" }, again));
  }
  for (const record of others) text.append(otherDraft(draft, record, note));
  draft.form.prepend(note);
}

function otherDraft(draft, record, note) {
  const line = make("div", { class: "btns" }, say("draft.other", { title: record.title || say("draft.untitled"), age: age(record.saved_at) }));
  line.append(
    make("button", { class: "btn btn-sm", type: "button", onclick: async () => { await draft.save(); note.remove(); draft.restore(record); } }, say("draft.continue")),
    make("button", { class: "btn btn-sm", type: "button", onclick: async () => { await shelf.remove(record.id); line.remove(); } }, say("draft.delete")),
  );
  return line;
}

async function startAgain(draft, own, several, note) {
  note.remove();
  if (!several) await shelf.remove(own.id);
  draft.isOver = true;
  // A fresh page has a fresh client_id; the draft that stays is offered there.
  location.assign(several ? `${location.pathname}?fresh=1` : location.href);
}

// ---- the server has it: it says so in a header, and in a cookie until a page has read it

export async function finish(key) {
  if (!key || !shelf) return;
  for (const draft of watched.values()) if (draft.key === key) draft.isOver = true;
  await shelf.remove(idOf(key));
}

async function forget() {
  const told = document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`));
  if (!told || !shelf) return;
  await Promise.all(told.slice(COOKIE.length + 1).split("|").map(finish));
  document.cookie = `${COOKIE}=; path=/; max-age=0; samesite=lax`;
}

export function draftOf(form) {
  return watched.get(form);
}

// Somebody leaves, and takes what was typed along.
export function giveUp() {
  for (const draft of watched.values()) draft.isOver = true;
}

// Before the page goes by itself.
export async function saveAll() {
  await Promise.all([...watched.values()].map((draft) => draft.save()));
}

// Whether somebody is typing here what can be kept.
export async function isKept() {
  return watched.size > 0 && await shelf.canStore();
}

export function startDrafts() {
  document.addEventListener("htmx:afterRequest", (event) => finish(event.detail.xhr?.getResponseHeader("X-Draft-Done")));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll();
  });
  window.addEventListener("pagehide", saveAll);
  const over = forget();
  if (!shelf) return;
  each(FORMS, async (form) => {
    if (!form.querySelector(FILLED)) return;
    for (const gone of watched.keys()) if (!gone.isConnected) watched.delete(gone);
    const draft = new Draft(form);
    watched.set(form, draft);
    await over;
    if (await shelf.canStore()) await bringBack(draft);
    else draft.tell(say("draft.cannot"), "exclamation-triangle");
  });
}
