// The demo accounts fill in the form at one press.
export function startSignIn() {
  document.addEventListener("click", (event) => {
    const account = event.target.closest("[data-unionops-account]");
    if (!account) return;
    const form = account.closest("form") ?? document.querySelector("form[data-unionops-sign-in]");
    form.elements.username.value = account.dataset.unionopsAccount;
    form.elements.password.value = account.dataset.password;
    form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-unionops-show-password]");
    if (!eye) return;
    const input = document.getElementById(eye.dataset.unionopsShowPassword);
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!isShown));
    input.focus();
  });
}
