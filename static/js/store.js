import { openDB } from "idb";

const NAME = "unionops";
const STORES = ["drafts", "outbox"];

let opened;

// Resolves to null where the browser keeps nothing (private window, some mini-program views): the caller says so.
function open() {
  opened ??= openDB(NAME, 1, {
    upgrade(database) {
      for (const name of STORES) database.createObjectStore(name, { keyPath: "id" }).createIndex("user", "user");
    },
    terminated() {
      opened = undefined;
    },
  }).catch(() => null);
  return opened;
}

export async function canStore() {
  return (await open()) !== null;
}

export async function put(store, record) {
  const database = await open();
  if (!database) return false;
  await database.put(store, record);
  return true;
}

export async function get(store, id) {
  return (await open())?.get(store, id);
}

export async function remove(store, id) {
  await (await open())?.delete(store, id);
}

export async function ofUser(store, user) {
  const database = await open();
  return database ? database.getAllFromIndex(store, "user", user) : [];
}

export async function countAll(store) {
  const database = await open();
  return database ? database.count(store) : 0;
}

// What a form becomes on its way out leaves the drafts in the same breath.
export async function moveToOutbox(draftId, record) {
  const database = await open();
  if (!database) return false;
  const change = database.transaction(STORES, "readwrite");
  await Promise.all([change.objectStore("outbox").put(record), change.objectStore("drafts").delete(draftId), change.done]);
  return true;
}

export async function moveToDrafts(outboxId, record) {
  const database = await open();
  if (!database) return;
  const change = database.transaction(STORES, "readwrite");
  await Promise.all([change.objectStore("drafts").put(record), change.objectStore("outbox").delete(outboxId), change.done]);
}

export async function wipe(user) {
  for (const store of STORES) {
    for (const record of await ofUser(store, user)) await remove(store, record.id);
  }
}
