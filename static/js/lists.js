// Rows of a list: J and K walk, Enter opens, X picks; picked rows bring up the bar of bulk actions.

const ROWS = "[data-unionops-rows] tr:not(.grp), [data-unionops-rows] .prow";

function isTyping(target) {
  return Boolean(target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog"));
}

function rows() {
  return [...document.querySelectorAll(ROWS)].filter((row) => !row.closest("thead") && (row.querySelector("a[href]") || row.matches("a[href]")));
}

function linkOf(row) {
  return row.matches("a[href]") ? row : row.querySelector("a[href]");
}

function walk(step) {
  const every = rows();
  if (!every.length) return;
  const at = every.findIndex((row) => row.classList.contains("is-on"));
  const next = every[Math.min(every.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  for (const row of every) row.classList.toggle("is-on", row === next);
  linkOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j") walk(1);
    else if (key === "k") walk(-1);
    else if (key === "x") document.querySelector(".is-on .pickcell input")?.click();
    else if (key === "?") document.getElementById("keys")?.showModal();
  });
  document.addEventListener("focusin", (event) => {
    const on = event.target.closest(ROWS);
    if (on) for (const row of rows()) row.classList.toggle("is-on", row === on);
  });
}

function startBulk() {
  const bar = document.querySelector("[data-unionops-bulk]");
  if (!bar) return;
  const boxes = () => [...document.querySelectorAll(`input[name="picked"][form="${bar.id}"]`)];
  const every = document.querySelector("[data-unionops-all]");
  let last = null;

  const count = () => {
    const picked = boxes().filter((box) => box.checked).length;
    bar.hidden = !picked;
    bar.querySelector("[data-unionops-picked]").textContent = picked;
    if (every) {
      every.checked = picked > 0 && picked === boxes().length;
      every.indeterminate = picked > 0 && picked < boxes().length;
    }
  };
  const set = (isPicked) => { for (const box of boxes()) box.checked = isPicked; count(); };

  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(`input[name="picked"][form="${bar.id}"]`)) return;
    // With Shift, everything from the last one picked to this one.
    if (event.shiftKey && last) {
      const [from, to] = [boxes().indexOf(last), boxes().indexOf(event.target)].sort((one, other) => one - other);
      for (const box of boxes().slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    count();
  });
  every?.addEventListener("change", () => set(every.checked));
  bar.querySelector("[data-unionops-unpick]").addEventListener("click", () => set(false));
  count();
}

export function startLists() {
  startKeys();
  startBulk();
}
