// The box of the top bar: `/` comes here from anywhere, arrows walk through what htmx has found.

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") && !target.matches('[type="checkbox"], [type="radio"], [type="button"]');
}

export function startSearch() {
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  if (!input || !found) return;
  let active = -1;
  const hits = () => [...found.querySelectorAll('[role="option"]:not([aria-disabled])')];

  const open = (isOpen) => {
    found.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) activate(-1);
  };
  const activate = (index) => {
    active = index;
    hits().forEach((hit, at) => hit.setAttribute("aria-selected", String(at === index)));
    const hit = hits()[index];
    if (hit) {
      input.setAttribute("aria-activedescendant", hit.id);
      hit.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  found.addEventListener("htmx:afterSwap", () => { active = -1; open(Boolean(found.children.length)); });
  input.addEventListener("focus", () => { if (found.children.length && input.value) open(true); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = hits().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      const next = active + (event.key === "ArrowDown" ? 1 : -1);
      activate(next > last ? 0 : next < 0 ? last : next);
    } else if (event.key === "Enter" && hits()[active] && !found.hidden) {
      event.preventDefault();
      hits()[active].click();
    } else if (event.key === "Escape") {
      if (found.hidden) input.blur();
      open(false);
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".top__search")) open(false); });
}
