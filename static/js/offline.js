import { icon, make, user } from "./dom.js";
import { ask } from "./dialog.js";
import { countAll, ofUser, wipe } from "./store.js";
import { say } from "./words.js";

// The service worker keeps the visit form of the person who is signed in, and nothing of anybody else.

const WORKER = "/sw.js";

async function tellWorker(message) {
  const registration = await navigator.serviceWorker?.ready;
  registration?.active?.postMessage(message);
}

async function register() {
  const shell = document.documentElement.dataset.offline;
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  try {
    await navigator.serviceWorker.register(`${WORKER}?language=${document.documentElement.lang}`, { scope: "/" });
  } catch {
    // Some web views offer service workers and refuse them: drafts still live in IndexedDB.
    return;
  }
  if (user()) await tellWorker({ type: "user", user: user(), shell });
}

function startSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-unionops-sign-out]") || form.dataset.sure) return;
    event.preventDefault();
    const unsent = await ofUser("outbox", user());
    const drafts = await ofUser("drafts", user());
    if (unsent.length || drafts.length) {
      const text = make("p", {}, say("sign_out.text", { unsent: unsent.length, drafts: drafts.length }));
      if (!(await ask(say("sign_out.title"), text, say("sign_out.yes"), say("sign_out.no")))) return;
    }
    await wipe(user());
    if (navigator.serviceWorker?.controller) await tellWorker({ type: "wipe" });
    form.dataset.sure = "1";
    form.requestSubmit();
  });
}

// On the sign-in page: something on this phone waits for its owner.
async function remind() {
  const place = document.querySelector("[data-unionops-unsent]");
  if (!place) return;
  const unsent = (await countAll("outbox")) + (await countAll("drafts"));
  place.hidden = !unsent;
  if (unsent) place.replaceChildren(icon("cloud-arrow-up"), make("div", {}, say("sign_in.unsent", { n: unsent })));
}

export function startOffline() {
  startSignOut();
  remind();
  register();
}
