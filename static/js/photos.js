import { each, icon, make } from "./dom.js";
import { setFiles } from "./entries.js";
import { say } from "./words.js";

// The server draws pictures anew at this size: sending more only costs the cadre's data.
const LONGEST = 2560;
const LIGHT = 900 * 1024;

async function shrink(file) {
  // Of another kind (HEIC) the server takes none: a browser that can draw it makes a JPEG.
  const isTaken = /^image\/(jpeg|png|webp)$/.test(file.type);
  if (isTaken && file.size < LIGHT) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = make("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob || (isTaken && blob.size >= file.size)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

class Photos {
  constructor(place) {
    this.place = place;
    this.strip = place.querySelector(".strip");
    this.input = place.querySelector("[data-unionops-photos-kept]");
    this.count = place.closest("section")?.querySelector("[data-unionops-photo-count]");
    this.error = place.querySelector(".err");
    this.files = [...this.input.files];
    for (const source of place.querySelectorAll("[data-unionops-photos-from]")) {
      source.addEventListener("change", () => this.add(source));
    }
    this.input.form.addEventListener("unionops:restored", () => { this.files = [...this.input.files]; this.draw(); });
    this.draw();
  }

  async add(source) {
    const most = Number(this.place.dataset.maxMb) * 1024 * 1024;
    const faults = [];
    const fresh = [];
    for (const file of source.files) {
      // Some WeChat versions hand over a file of no bytes.
      if (!file.size) faults.push(say("photo.empty", { name: file.name }));
      else if (file.size > most) faults.push(say("photo.large", { name: file.name, mb: this.place.dataset.maxMb }));
      else fresh.push(await shrink(file));
    }
    source.value = "";
    this.error.hidden = !faults.length;
    this.error.textContent = faults.join(" ");
    this.keep([...this.files, ...fresh]);
  }

  keep(files) {
    this.files = files;
    setFiles(this.input, files);
    this.draw();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  draw() {
    for (const old of this.strip.querySelectorAll("[data-unionops-photo]")) {
      URL.revokeObjectURL(old.querySelector("img").src);
      old.remove();
    }
    const shown = this.files.map((file, index) => {
      const label = say("photo.number", { n: index + 1 });
      return make(
        "li", { "data-unionops-photo": true },
        make("img", { src: URL.createObjectURL(file), alt: label }),
        make("button", { class: "strip__x", type: "button", "aria-label": say("photo.remove", { n: index + 1 }), onclick: () => this.keep(this.files.filter((other) => other !== file)) }, icon("x-lg")),
      );
    });
    this.strip.prepend(...shown);
    if (this.count) this.count.textContent = this.files.length ? say(navigator.onLine ? "photo.count" : "photo.count_offline", { n: this.files.length }) : "";
  }
}

export function startPhotos() {
  each("[data-unionops-photos]", (place) => new Photos(place));
}
