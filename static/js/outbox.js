import { dotted, icon, make, user } from "./dom.js";
import { asFormData, collect, secretsOf, without } from "./entries.js";
import { finish } from "./draft.js";
import { NoNetwork, post, signInUrl } from "./net.js";
import { get, moveToDrafts, moveToOutbox, ofUser, put, remove } from "./store.js";
import { age, say } from "./words.js";

const EVERY = 60 * 1000;
const LOCK = "unionops-outbox";

export const SENT = "sent";
export const WAITING = "waiting";
export const SIGN_IN = "sign-in";
export const REFUSED = "refused";

// Take a form out of the page: from here on it is sent until the server has it, also after this tab is gone.
export async function enqueue(form, { key, title }) {
  const record = {
    id: `${user()}|${key}`, user: user(), key, name: form.dataset.unionopsDraft, url: new URL(form.action, location.href).pathname, title,
    page: location.pathname, made_at: Date.now(), state: WAITING, tries: 0, said: "", errors: {}, entries: collect(form), secrets: secretsOf(form),
  };
  const isKept = await moveToOutbox(record.id, record);
  return { record, isKept };
}

// ---- sending: one tab at a time, oldest first; no network or a failing server ends the run

// A tab that comes second waits: then it sends what is left and shows what has gone.
function exclusively(action) {
  return navigator.locks ? navigator.locks.request(LOCK, action) : action();
}

export function flush({ onProgress, retryRefused = false } = {}) {
  if (!user()) return Promise.resolve(null);
  return exclusively(async () => {
    const waiting = (await ofUser("outbox", user())).filter((record) => retryRefused || record.state !== REFUSED);
    waiting.sort((one, other) => one.made_at - other.made_at);
    const outcomes = new Map();
    for (const record of waiting) {
      const outcome = await send(record, onProgress);
      outcomes.set(record.key, outcome);
      if (outcome.state === WAITING || outcome.state === SIGN_IN) break;
    }
    await draw();
    return outcomes;
  });
}

async function send(record, onProgress) {
  let answer;
  try {
    const key = record.entries.find(([name]) => name === "client_id")?.[1] ?? record.key;
    answer = await post(record.url, asFormData(record.entries), { headers: { "Idempotency-Key": key }, onProgress });
  } catch (error) {
    if (!(error instanceof NoNetwork)) throw error;
    return keep(record, { state: WAITING, said: say("outbox.offline") });
  }
  if (answer.status < 400) return done(record, answer);
  const problem = read(answer.text);
  if (answer.status === 401 || answer.status === 403) {
    return keep(record, { state: SIGN_IN, said: problem.detail ?? say("outbox.sign_in") });
  }
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
    return keep(record, { state: WAITING, said: say("outbox.server", { status: answer.status }) });
  }
  return keep(record, { state: REFUSED, said: problem.detail ?? say("outbox.refused"), errors: problem.errors ?? {} });
}

function read(text) {
  try {
    const data = JSON.parse(text);
    return data && typeof data === "object" ? data : {};
  } catch {
    return {};
  }
}

async function keep(record, changes) {
  Object.assign(record, changes, { tries: record.tries + 1, tried_at: Date.now() });
  await put("outbox", record);
  return record;
}

async function done(record, answer) {
  await remove("outbox", record.id);
  await finish(record.key);
  const told = read(answer.text);
  return { state: SENT, url: told.url ?? answer.url, number: told.number ?? "", message: told.message ?? "" };
}

// A refused form goes back to its page to be mended; its errors go with it.
export async function mend(record) {
  await moveToDrafts(record.id, { id: record.id, user: record.user, key: record.key, name: record.name, origin: "", title: record.title, saved_at: record.made_at, entries: without(record.entries, record.secrets ?? []), errors: record.errors, said: record.said });
}

export async function takeBack(key) {
  const record = await get("outbox", `${user()}|${key}`);
  if (record) await mend(record);
}

// ---- the list that shows what has not left yet

const LOOKS = { [WAITING]: ["soon", "hourglass-split"], [SIGN_IN]: ["soon", "person-circle"], [REFUSED]: ["over", "exclamation-triangle-fill"] };

async function draw() {
  const place = document.querySelector("[data-unionops-outbox]");
  if (!place) return;
  const records = await ofUser("outbox", user());
  place.hidden = !records.length;
  if (!records.length) return;
  records.sort((one, other) => one.made_at - other.made_at);
  const again = make("button", { class: "btn btn-sm r", type: "button", onclick: () => flush({ retryRefused: false }) }, icon("arrow-repeat"), say("outbox.send_now"));
  place.replaceChildren(
    make("div", { class: "card-header" }, make("h2", {}, say("outbox.title", { n: records.length })), again),
    make("ul", {}, ...records.map(line)),
  );
}

function line(record) {
  const [tone, glyph] = LOOKS[record.state];
  const buttons = [];
  if (record.state === SIGN_IN) buttons.push(make("a", { class: "btn btn-sm", href: `${signInUrl()}?next=${encodeURIComponent(location.pathname)}` }, say("outbox.go_sign_in")));
  if (record.state !== WAITING) {
    buttons.push(make("button", { class: "btn btn-sm", type: "button", onclick: async () => { await mend(record); location.assign(`${record.page}?draft=${encodeURIComponent(record.key)}`); } }, say("outbox.mend")));
  }
  const tries = record.tries > 1 ? say("outbox.tries", { n: record.tries }) : "";
  return make(
    "li", {},
    make("div", {}, make("b", {}, record.title || say("draft.untitled")), make("span", { class: "muted" }, ...dotted(age(record.made_at), record.said, tries))),
    make("span", { class: `due due--${tone}` }, icon(glyph), say(`outbox.${record.state}`)),
    ...buttons,
  );
}

export function startOutbox() {
  if (!user()) return;
  draw().then(() => flush());
  window.addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") flush(); });
  // iOS and WeChat have no background sync: a timer is what is left.
  setInterval(() => { draw(); flush(); }, EVERY);
}
