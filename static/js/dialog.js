import { make } from "./dom.js";
import { say } from "./words.js";

// Ask before something is lost. Resolves to true when the person goes on, to undefined when the dialog is only closed. A key
// that is pressed too soon says no, or yes where that is safe.
export function ask(title, text, yes, no = say("cancel"), { isSafe = false } = {}) {
  return new Promise((resolve) => {
    const answer = (value) => () => { dialog.close(); resolve(value); };
    const dialog = make(
      "dialog", { class: "dlg", "aria-labelledby": "ask-h" },
      make("div", { class: "dlg__h" }, make("h2", { id: "ask-h" }, title)),
      make("div", { class: "dlg__b" }, text),
      make("div", { class: "dlg__f" },
        make("button", { class: "btn", type: "button", onclick: answer(false) }, no),
        make("button", { class: "btn btn-primary", type: "button", onclick: answer(true) }, yes)),
    );
    dialog.addEventListener("close", () => { dialog.remove(); resolve(undefined); });
    document.body.append(dialog);
    dialog.showModal();
    if (isSafe) dialog.querySelector(".btn-primary").focus();
  });
}

async function load(address) {
  const dialog = document.getElementById("dialog");
  let response;
  try {
    response = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  } catch {
    location.assign(address);
    return;
  }
  // A lost session or right answers with another page: go there, so that it says why.
  if (!response.ok || response.redirected || response.headers.has("HX-Redirect")) {
    location.assign(response.headers.get("HX-Redirect") ?? address);
    return;
  }
  dialog.innerHTML = await response.text();
  window.htmx?.process(dialog);
  dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-unionops-menu][open]")) if (menu !== except) menu.open = false;
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-unionops-menu]"));
    const loader = event.target.closest("[data-unionops-dialog]");
    if (loader && document.getElementById("dialog") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      load(loader.dataset.unionopsDialog);
      return;
    }
    const opener = event.target.closest("[data-unionops-open]");
    if (opener) {
      closeMenus();
      document.getElementById(opener.dataset.unionopsOpen)?.showModal();
    }
    const closer = event.target.closest("[data-unionops-close]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target.closest("[data-unionops-print]")) window.print();
    const toggle = event.target.closest("[data-unionops-toggle]");
    if (toggle) {
      const part = document.getElementById(toggle.dataset.unionopsToggle);
      part.hidden = !part.hidden;
      toggle.setAttribute("aria-expanded", String(!part.hidden));
    }
  });
  // The veil belongs to the dialog element; a press that begins inside (to select text) must not close it.
  document.addEventListener("mousedown", (event) => {
    if (event.target.matches("dialog.dlg")) event.target.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-unionops-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  // The answer of a dialog's form has taken its place on the page: the dialog has done its work.
  document.addEventListener("htmx:afterRequest", (event) => {
    const dialog = event.detail.elt.closest?.("dialog");
    if (dialog && event.detail.successful && event.detail.elt.matches("form")) dialog.close();
  });
  document.getElementById("dialog")?.addEventListener("close", (event) => event.target.replaceChildren());
}
