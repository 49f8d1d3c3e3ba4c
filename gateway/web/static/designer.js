/* Draws the card again while its merchant types: the server draws it, as it will for customers. */

const PAUSE_MILLISECONDS = 180;

const form = document.getElementById("designer");
const palettes = document.getElementById("palettes");
const root = document.documentElement;
let waiting = 0;
let asked = 0;

async function draw() {
  asked += 1;
  const turn = asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  // What is half typed makes no card; then the last one stays. So it does when answers overtake.
  if (!response.ok || turn !== asked) return;
  document.getElementById("preview").innerHTML = await response.text();
}

function paint() {
  for (const name of ["background", "foreground", "label"]) {
    root.style.setProperty(`--card-${name}`, form.elements[name].value);
  }
}

if (form) {
  document.getElementById("show-preview").hidden = true;
  palettes.hidden = false;
  form.addEventListener("input", () => {
    paint();
    clearTimeout(waiting);
    waiting = setTimeout(() => draw().catch(() => {}), PAUSE_MILLISECONDS);
  });
  palettes.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    for (const name of ["background", "foreground", "label"]) form.elements[name].value = chosen.dataset[name];
    form.dispatchEvent(new Event("input"));
  });
}
