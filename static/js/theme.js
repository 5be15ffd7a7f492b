const COOKIE = "unionops_theme";
const YEAR = 365 * 24 * 60 * 60;

function chosen() {
  return document.cookie.match(/(?:^|;\s*)unionops_theme=(light|dark)/)?.[1] ?? "auto";
}

function show(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-unionops-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.unionopsTheme === theme));
  }
}

export function startTheme() {
  show(chosen());
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-unionops-theme]")?.dataset.unionopsTheme;
    if (!theme) return;
    document.cookie = `${COOKIE}=${theme}; path=/; max-age=${theme === "auto" ? 0 : YEAR}; SameSite=Lax`;
    show(theme);
  });
}
