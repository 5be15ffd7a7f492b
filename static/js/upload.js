import { all, each } from "./dom.js";
import { say } from "./words.js";

// Files of a case: looked at before they go, with a bar while they go.

function faultsOf(form) {
  const most = Number(form.dataset.maxMb) * 1024 * 1024;
  const files = all(form, 'input[type="file"]').flatMap((input) => [...input.files]);
  return files.flatMap((file) => {
    if (!file.size) return [say("photo.empty", { name: file.name })];
    if (most && file.size > most) return [say("photo.large", { name: file.name, mb: form.dataset.maxMb })];
    return [];
  });
}

function tell(form, texts) {
  const place = form.querySelector(".err");
  place.textContent = texts.join(" ");
  place.hidden = !texts.length;
}

function start(form) {
  const bar = form.querySelector("progress");
  form.addEventListener("change", () => tell(form, faultsOf(form)));
  form.addEventListener("htmx:xhr:progress", (event) => {
    if (!event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (event.detail.loaded / event.detail.total) * 100;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    bar.hidden = true;
    if (event.detail.successful) form.reset();
    else tell(form, [event.detail.xhr.status ? say("upload.refused", { text: reason(event.detail.xhr) }) : say("upload.offline")]);
  });
}

function reason(request) {
  try {
    return JSON.parse(request.responseText).detail ?? "";
  } catch {
    return "";
  }
}

// At the window, before the document's guard of double presses: what is not sent must not lock the form.
function refuse(event) {
  const form = event.target;
  const faults = form.matches("[data-unionops-upload]") ? faultsOf(form) : [];
  if (!faults.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(form, faults);
}

export function startUploads() {
  window.addEventListener("submit", refuse, true);
  each("form[data-unionops-upload]", start);
}
