// The map of places. It draws what the list of the page shows, and only that: where somebody wants to see other places, the
// page is asked for them, so that the list below goes along. Without tiles the names of streets stand on a plain ground.
import { make } from "./dom.js";

const SHIFTED = 0.2;

function pin(place) {
  const kind = place.open ? "pin pin--open" : place.serving ? "pin" : "pin pin--off";
  return window.L.marker(place.at, {
    icon: window.L.divIcon({ className: kind, iconSize: [22, 22] }), keyboard: false, title: place.title, riseOnHover: true,
  });
}

function card(place) {
  return make("div", {}, make("b", {}, make("a", { href: place.url }, place.title)), make("p", {}, [place.town, place.address].filter(Boolean).join(" ")), make("p", {}, place.words));
}

// Each street's name stands in the middle of its places.
function names(places) {
  const towns = new Map();
  for (const place of places) {
    if (place.town) towns.set(place.town, [...(towns.get(place.town) ?? []), place.at]);
  }
  const middle = (points, axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return [...towns].sort((one, other) => other[1].length - one[1].length).map(([name, points]) => (
    window.L.marker([middle(points, 0), middle(points, 1)], {
      icon: window.L.divIcon({ className: "map__town", html: make("span", {}, name), iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: 1000,
    })
  ));
}

// Of names that would lie upon each other the street with more places keeps its own.
function spread(map, labels) {
  const kept = [];
  for (const label of labels) {
    const { x, y } = map.latLngToLayerPoint(label.getLatLng());
    const free = kept.every((other) => Math.abs(other.x - x) > 72 || Math.abs(other.y - y) > 20);
    if (free) kept.push({ x, y });
    label.setOpacity(free ? 1 : 0);
  }
}

function search(values) {
  const query = new URLSearchParams(window.location.search);
  query.delete("from");
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  window.location.search = query.toString();
}

async function start(element) {
  const section = element.closest("section");
  const said = section.querySelector("[data-unionops-map-said]");
  const words = element.dataset;
  let found;
  try {
    const answer = await fetch(words.unionopsMap, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok || !window.L) throw new Error(String(answer.status));
    found = await answer.json();
  } catch {
    said.textContent = words.failed;
    return;
  }
  const map = window.L.map(element, { zoomControl: false, attributionControl: Boolean(words.tiles), scrollWheelZoom: false, keyboard: true });
  window.L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  window.L.control.scale({ imperial: false }).addTo(map);
  if (words.tiles) {
    map.attributionControl.setPrefix(false);
    window.L.tileLayer(words.tiles, { attribution: words.credit ?? "", maxZoom: 19 }).addTo(map);
  } else {
    const labels = names(found.places);
    map.on("zoomend", () => spread(map, labels));
    map.whenReady(() => {
      for (const label of labels) label.addTo(map);
      spread(map, labels);
    });
  }
  const points = found.places.map((place) => place.at);
  for (const place of found.places) {
    pin(place).bindPopup(() => card(place), { closeButton: false }).addTo(map);
  }
  if (found.near) window.L.circleMarker(found.near, { radius: 8, className: "pin-me", interactive: false }).addTo(map);
  if (found.near) points.push(found.near);
  if (points.length) map.fitBounds(points, { paddingTopLeft: [64, 28], paddingBottomRight: [28, 36], maxZoom: 16 });
  else map.setView([30, 120.58], 11);
  said.textContent = found.more ? words.most : found.places.length ? "" : words.none;
  element.dataset.drawn = String(found.places.length);
  offer(map, section);
}

// After the map was moved by hand, the page can be asked for what lies here now.
function offer(map, section) {
  const here = section.querySelector("[data-unionops-map-here]");
  const begun = map.getCenter();
  const size = map.getBounds().getNorth() - map.getBounds().getSouth();
  map.on("moveend", () => {
    const centre = map.getCenter();
    const moved = Math.hypot(centre.lat - begun.lat, centre.lng - begun.lng) > size * SHIFTED;
    if (moved || map.getBounds().getNorth() - map.getBounds().getSouth() < size * 0.7) here.hidden = false;
  });
  here.addEventListener("click", () => {
    const box = map.getBounds();
    const centre = map.getCenter();
    const short = (number) => number.toFixed(5);
    search({
      near: `${short(centre.lng)},${short(centre.lat)}`,
      box: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map(short).join(","),
    });
  });
}

function near(button) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => search({ near: `${coords.longitude.toFixed(5)},${coords.latitude.toFixed(5)}`, box: "" }),
      () => button.removeAttribute("aria-busy"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

for (const element of document.querySelectorAll("[data-unionops-map]")) start(element);
for (const button of document.querySelectorAll("[data-unionops-map-near]")) near(button);
