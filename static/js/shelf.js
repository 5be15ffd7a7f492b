// Where the drafts of forms lie.

import { user } from "./dom.js";
import { keepable } from "./entries.js";
import { canStore, get, ofUser, put, remove } from "./store.js";

// Of a signed-in person: on the device, until the server has said that the form arrived.
const ofAccount = {
  words: { saved: "draft.saved", savedBut: "draft.saved_but", restored: "draft.restored", restoredBut: "draft.restored_but" },
  takesFiles: true,
  entriesOf: keepable,
  canStore,
  all: () => ofUser("drafts", user()),
  get: (id) => get("drafts", id),
  put: (record) => put("drafts", record),
  remove: (id) => remove("drafts", id),
};

// ---- at the public counter, where the device may be anybody's: in this tab alone, and locked. The server gives the key to
// whoever shows the same telephone; what another key does not open is somebody else's, and goes.

const PREFIX = "unionops-draft ";
const IV = 12;
const key = document.documentElement.dataset.visitorKey;

const asBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const asText = (bytes) => btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));

// Resolves to null where there is no lock (an address without HTTPS): then nothing is kept.
let opened;
function lock() {
  opened ??= crypto.subtle ? crypto.subtle.importKey("raw", asBytes(key), "AES-GCM", false, ["encrypt", "decrypt"]) : Promise.resolve(null);
  return opened;
}

function places() {
  try {
    return Object.keys(sessionStorage).filter((place) => place.startsWith(PREFIX));
  } catch {
    return [];
  }
}

async function unlock(place) {
  try {
    const bytes = asBytes(sessionStorage.getItem(place));
    const told = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.subarray(0, IV) }, await lock(), bytes.subarray(IV));
    return JSON.parse(new TextDecoder().decode(told));
  } catch {
    sessionStorage.removeItem(place);
    return null;
  }
}

const ofVisitor = {
  words: { saved: "tab.saved", savedBut: "tab.saved_but", restored: "tab.restored", restoredBut: "tab.restored_but" },
  takesFiles: false,
  entriesOf: (form) => keepable(form).filter(([, value]) => !(value instanceof File)),
  canStore: async () => (await lock()) !== null,
  all: async () => (await Promise.all(places().map(unlock))).filter(Boolean),
  get: async (id) => (await ofVisitor.all()).find((record) => record.id === id),
  async put(record) {
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    try {
      const told = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await lock(), new TextEncoder().encode(JSON.stringify(record)));
      sessionStorage.setItem(`${PREFIX}${record.id}`, asText(Uint8Array.of(...iv, ...new Uint8Array(told))));
      return true;
    } catch {
      return false;
    }
  },
  remove: async (id) => sessionStorage.removeItem(`${PREFIX}${id}`),
};

export const shelf = key ? ofVisitor : user() ? ofAccount : null;

// What lies locked in this tab, whoever it belongs to.
export const isLocked = () => places().length > 0;

export function clearTab() {
  for (const place of places()) sessionStorage.removeItem(place);
}
