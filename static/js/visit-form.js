import { all, dotted, each, later, make, newId } from "./dom.js";
import { draftOf } from "./draft.js";
import { clearErrors, showErrors } from "./forms.js";
import { Issues } from "./issues.js";
import { ask } from "./dialog.js";
import { get } from "./store.js";
import { enqueue, flush, REFUSED, SENT, SIGN_IN, takeBack } from "./outbox.js";
import { signInUrl } from "./net.js";
import { say } from "./words.js";

class VisitForm {
  constructor(form) {
    this.form = form;
    form.noValidate = true;
    if (!form.hasAttribute("data-unionops-bound")) this.freshen();
    this.submit = form.querySelector("[data-unionops-submit]");
    this.net = form.querySelector("[data-unionops-net]");
    this.issues = new Issues(form.querySelector("[data-unionops-issues]"));
    form.addEventListener("unionops:make-room", (event) => {
      this.issues.makeRoom(event.detail);
      for (const issue of this.issues.cards()) issue.openCategories();
    });
    form.addEventListener("unionops:restored", () => this.onRestored());
    form.addEventListener("unionops:counted", () => this.count());
    form.addEventListener("input", later(50, () => this.count()));
    form.addEventListener("change", () => this.count());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    for (const event of ["online", "offline"]) window.addEventListener(event, () => this.showNet());
    this.showNet();
    this.count();
  }

  // The page may come from the phone's own store: each visit gets an id of its own, and the day is today's.
  freshen() {
    const { client_id: client, visited_on: day } = this.form.elements;
    client.value = newId();
    const now = new Date();
    const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    if (today > day.value) day.value = today;
  }

  onRestored() {
    for (const issue of this.issues.cards()) {
      issue.showCategory();
      issue.fold(Boolean(issue.value("title") && issue.value("category")));
    }
    this.count();
  }

  // The figures that stand beside the headings and on the button.
  count() {
    const checks = all(this.form, ".five");
    for (const check of checks) {
      const grade = check.querySelector("input:checked")?.value;
      check.querySelector(".five__note").hidden = !grade || grade === "good";
    }
    const put = (name, text) => { for (const place of all(this.form, `[data-unionops-count="${name}"]`)) place.textContent = text; };
    const issues = this.issues.cards().length;
    put("checks", say("visit.checks", { n: checks.filter((check) => check.querySelector("input:checked")).length, all: checks.length }));
    put("policies", say("visit.policies", { n: this.form.querySelectorAll('[name="policies"]:checked').length }));
    put("issues", issues ? say("visit.issues", { n: issues }) : "");
    this.submit.querySelector("[data-unionops-count-label]").textContent = issues ? say("visit.submit_with", { n: issues }) : say("visit.submit");
    for (const place of all(this.form, '[data-unionops-count="when"]')) place.replaceChildren(...dotted(...this.when()));
  }

  when() {
    const value = (name) => this.form.elements[name]?.value ?? "";
    const [start, end] = ["started_at", "ended_at"].map((name) => value(name).slice(0, 5));
    const time = [start, end].filter(Boolean).join("–");
    const met = value("interviewee_count") ? say("visit.met", { n: value("interviewee_count") }) : "";
    const along = this.form.querySelectorAll('[name="officers"]:checked').length;
    return [value("visited_on").slice(5), time, met, along ? say("visit.along", { n: along }) : ""];
  }

  showNet() {
    this.net.hidden = navigator.onLine;
  }

  // What can be known without the server; it checks everything again.
  faults() {
    const faults = {};
    const need = (name, text) => { if (!this.form.elements[name]?.value.trim()) faults[name] = text; };
    need("target_name", say("visit.need_target"));
    need("visited_on", say("visit.need_day"));
    for (const [index, issue] of this.issues.cards().entries()) {
      const name = (field) => `${this.issues.prefix}-${index}-${field}`;
      if (!issue.value("title")) faults[name("title")] = say("issue.need_title");
      if (!issue.value("category")) faults[name("category")] = say("issue.need_category");
      if (issue.value("handling") !== "explain") continue;
      if (!issue.value("explanation")) faults[name("explanation")] = say("issue.need_explanation");
      if (!issue.value("explanation_basis")) faults[name("explanation_basis")] = say("issue.need_basis");
    }
    return faults;
  }

  async send() {
    if (this.isSending) return;
    clearErrors(this.form);
    const faults = this.faults();
    if (Object.keys(faults).length) { showErrors(this.form, faults); return; }
    this.busy(say("visit.sending"));
    const draft = draftOf(this.form);
    const key = this.form.elements._draft.value;
    const { isKept, record } = await enqueue(this.form, { key, title: this.form.elements.target_name.value });
    if (!isKept) {
      // This browser keeps nothing: the plain way, with the network that there is.
      this.form.submit();
      return;
    }
    if (draft) draft.isOver = true;
    const outcomes = await flush({ onProgress: (share) => this.busy(say("visit.progress", { percent: Math.round(share * 100) })) });
    await this.show(outcomes?.get(key) ?? (await get("outbox", record.id)) ?? { state: SENT, url: this.form.dataset.home });
  }

  async show(outcome) {
    if (outcome.state === SENT) { location.assign(outcome.url); return; }
    if (outcome.state === REFUSED) {
      await takeBack(outcome.key);
      const draft = draftOf(this.form);
      if (draft) draft.isOver = false;
      this.busy("");
      showErrors(this.form, outcome.errors, { formErrors: Object.keys(outcome.errors).length ? [] : [outcome.said] });
      return;
    }
    this.busy("");
    const isSignIn = outcome.state === SIGN_IN;
    const text = make("p", {}, isSignIn ? say("visit.kept_sign_in") : say("visit.kept_offline"));
    const goOn = await ask(say("visit.kept"), text, isSignIn ? say("outbox.go_sign_in") : say("visit.log_another"), say("visit.home"));
    const another = isSignIn ? `${signInUrl()}?next=${encodeURIComponent(location.pathname)}` : `${location.pathname}?fresh=1`;
    location.assign(goOn ? another : this.form.dataset.home);
  }

  busy(text) {
    this.isSending = Boolean(text);
    this.submit.setAttribute("aria-busy", String(this.isSending));
    if (text) this.submit.querySelector("[data-unionops-count-label]").textContent = text;
    else this.count();
  }
}

export function startVisitForm() {
  each("form[data-unionops-visit]", (form) => new VisitForm(form));
}
