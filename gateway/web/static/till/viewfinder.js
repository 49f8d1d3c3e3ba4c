/* The camera on the page: its picture, its light, and what to do without one. */

import { Camera } from "./camera.js";
import { openDecoder } from "./decoder.js";
import { at } from "./page.js";

let decode = null;

/** Return the code in a photo, or null. */
export async function codeOf(file) {
  decode ??= await openDecoder();
  return decode(await createImageBitmap(file)).catch(() => null);
}

/** Open the camera and hand on each code it sees, or say what to do without one. */
export async function startViewfinder(onCode) {
  const viewfinder = document.querySelector(".viewfinder");
  try {
    decode ??= await openDecoder();
    const camera = new Camera(at("camera"), { onCode, decode: (picture) => decode(picture) });
    await camera.open();
    viewfinder.dataset.state = "open";
    at("camera-hint").textContent = "Hold the code into the frame";
    offerTools(camera);
  } catch (error) {
    viewfinder.dataset.state = "closed";
    at("camera-hint").textContent = error.name === "NotAllowedError"
      ? "The camera is not allowed. Allow it in the address bar, or type the code."
      : "No camera here. Type the code, or use a scanner.";
  }
}

async function offerTools(camera) {
  at("switch-camera").hidden = (await camera.others()).length < 2;
  at("switch-camera").onclick = async () => { await camera.switch(); offerTools(camera); };
  at("torch").hidden = !camera.hasTorch;
  at("torch").setAttribute("aria-pressed", "false");
  at("torch").onclick = async () => {
    const isOn = at("torch").getAttribute("aria-pressed") !== "true";
    await camera.light(isOn);
    at("torch").setAttribute("aria-pressed", String(isOn));
  };
}
