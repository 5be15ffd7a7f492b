// Forms about a place: where one stands goes into the field with one press; a photo that was taken is seen to be there.
import { each, icon, make } from "./dom.js";
import { say } from "./words.js";

export function startPlaces() {
  each("[data-unionops-position]", (field) => {
    if (!navigator.geolocation || !window.isSecureContext) return;
    const button = make("button", { class: "btn btn--quiet btn-sm", type: "button" }, icon("crosshair"), say("place.here"));
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          field.value = `${coords.longitude.toFixed(6)},${coords.latitude.toFixed(6)}`;
          const system = field.form.querySelector("[data-unionops-system]");
          if (system) system.value = "wgs84";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          button.removeAttribute("aria-busy");
        },
        () => button.removeAttribute("aria-busy"),
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
    field.after(button);
  });
  each("[data-unionops-picked]", (input) => {
    input.addEventListener("change", () => input.closest("label").classList.toggle("btn--on", input.files.length > 0));
  });
}
