// The visit of somebody without an account: it goes on while somebody is there, and nothing of it stays on the screen afterwards.

import { ask } from "./dialog.js";
import { giveUp, isKept, saveAll } from "./draft.js";
import { letGo } from "./forms.js";
import { NoNetwork, post } from "./net.js";
import { clearTab, isLocked } from "./shelf.js";
import { clock, say } from "./words.js";

const LOOK = 10 * 1000;
// Whoever types stays without being asked.
const RENEW = 5 * 60 * 1000;
const WARN = 3 * 60 * 1000;
const { visitorLeft, visitorStay, visitorAgain } = document.documentElement.dataset;

class Visit {
  constructor() {
    this.renewed = this.touched = Date.now();
    this.ends = this.renewed + Number(visitorLeft) * 1000;
    this.isWarned = this.isOver = false;
    for (const kind of ["input", "keydown", "pointerdown"]) document.addEventListener(kind, () => { this.touched = Date.now(); });
    for (const kind of ["visibilitychange", "focus"]) window.addEventListener(kind, () => this.look(), true);
    setInterval(() => this.look(), LOOK);
  }

  look() {
    const now = Date.now();
    if (now >= this.ends) this.end();
    else if (this.touched > this.renewed && now - this.renewed > RENEW) this.stay();
    else if (this.ends - now < WARN && !this.isWarned) this.warn();
  }

  async stay() {
    const before = this.renewed;
    // Asked for just now: a press is a sign of life and an answer.
    if (Date.now() - before < LOOK) return;
    this.renewed = Date.now();
    let left;
    try {
      left = JSON.parse((await post(visitorStay, new FormData())).text).left;
    } catch (error) {
      // No network, or a server that is just starting: at the next look again.
      this.renewed = before;
      if (error instanceof NoNetwork || error instanceof SyntaxError) return;
      throw error;
    }
    this.ends = Date.now() + left * 1000;
    this.isWarned = left * 1000 < WARN;
    this.look();
  }

  async warn() {
    this.isWarned = true;
    const text = say((await isKept()) ? "visitor.text_kept" : "visitor.text", { time: clock(this.ends) });
    const goesOn = await ask(say("visitor.title"), text, say("visitor.stay"), say("visitor.leave"), { isSafe: true });
    if (goesOn === false) document.querySelector("[data-unionops-leave]").requestSubmit();
    else await this.stay();
  }

  // Another tab may have gone on: then the server leads back here at once.
  async end() {
    if (this.isOver) return;
    this.isOver = true;
    await saveAll();
    letGo();
    location.replace(visitorAgain);
  }
}

export function startVisitor() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-unionops-leave]")) return;
    letGo();
    giveUp();
    clearTab();
  });
  for (const line of document.querySelectorAll("[data-unionops-locked]")) {
    line.hidden = !isLocked();
    line.querySelector("button").addEventListener("click", () => { clearTab(); line.hidden = true; });
  }
  if (!visitorLeft) return;
  new Visit();
  // A page from the browser's memory shows what somebody else may have left.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
