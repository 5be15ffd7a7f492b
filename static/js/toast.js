import { icon, make } from "./dom.js";

const ICONS = { good: "check-circle-fill", warn: "exclamation-triangle", bad: "exclamation-triangle-fill" };

export function toast(text, { tone = "", label = "", action = null, stay = 6000 } = {}) {
  const note = make("div", { class: tone ? `note note--${tone}` : "note" }, icon(ICONS[tone] ?? "info-circle"), make("div", {}, text));
  const close = () => note.remove();
  if (action) {
    note.append(make("button", { class: "btn btn-sm", type: "button", onclick: () => { close(); action(); } }, label));
  }
  document.getElementById("toasts")?.append(note);
  setTimeout(close, stay);
  return close;
}
