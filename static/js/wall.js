// The board on the wall: one picture after the other, and a word when it has not been renewed.
import { all } from "./dom.js";

const TURN = 20000;
const wall = document.querySelector("[data-unionops-wall]");
const body = wall.querySelector(".wall__b");
const old = wall.querySelector("[data-unionops-old]");
const full = wall.querySelector("[data-unionops-full]");
let turn = 0;
let since = new Date();

function show() {
  const pictures = all(body, "[data-unionops-turn]");
  pictures.forEach((picture, number) => {
    picture.hidden = number !== turn % pictures.length;
  });
}

function clock(moment) {
  return moment.toTimeString().slice(0, 5);
}

function stale() {
  old.textContent = wall.dataset.offline.replace("{time}", clock(since));
  old.hidden = false;
}

body.addEventListener("htmx:afterSwap", () => {
  since = new Date();
  old.hidden = true;
  show();
});
for (const fault of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) body.addEventListener(fault, stale);
addEventListener("offline", stale);

if (document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}
setInterval(() => {
  turn += 1;
  show();
}, TURN);
show();
