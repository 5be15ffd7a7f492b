// A form as plain entries that IndexedDB can keep (files included), and back again.

const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "_key", "_draft"]);

// Numbers of people, bank accounts and codes that are sent once.
const SECRET = '[data-unionops-unkept], [autocomplete="one-time-code"]';

export function secretsOf(form) {
  return [...new Set([...form.elements].filter((control) => control.matches(SECRET)).map((control) => control.name))];
}

export function without(entries, names) {
  return entries.filter(([name]) => !names.includes(name));
}

// What a draft may hold in the clear.
export function keepable(form) {
  return without(collect(form), secretsOf(form));
}

export function collect(form) {
  const secret = new Set([...form.querySelectorAll('input[type="password"]')].map((input) => input.name));
  return [...new FormData(form)].filter(([name, value]) => {
    const nothing = value instanceof File && !value.size && !value.name;
    return !NEVER_KEPT.has(name) && !secret.has(name) && !nothing;
  });
}

// Two forms with the same fingerprint say the same.
export function fingerprint(entries) {
  return JSON.stringify(entries.map(([name, value]) => [name, value instanceof File ? [value.name, value.size] : value]));
}

export function asFormData(entries) {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
}

export function setFiles(input, files) {
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
}

export function fill(form, entries, { filesOnly = false } = {}) {
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || NEVER_KEPT.has(control.name) || control.type === "submit") continue;
    const kept = values.get(control.name);
    if (control.type === "file") {
      if (kept) setFiles(control, kept.filter((value) => value instanceof File));
    } else if (!filesOnly) {
      fillControl(control, kept);
    }
  }
}

function fillControl(control, kept) {
  if (control.type === "checkbox" || control.type === "radio") control.checked = Boolean(kept?.includes(control.value));
  else if (control.type === "select-multiple") for (const option of control.options) option.selected = Boolean(kept?.includes(option.value));
  else if (kept?.length) control.value = kept.shift();
}
