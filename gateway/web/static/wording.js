/* Shows a message again while its merchant types: the server writes it, as it will for customers. */

const PAUSE_MILLISECONDS = 400;

const form = document.getElementById("words");
const button = document.getElementById("look");
const preview = document.getElementById("preview");
let waiting = 0;
let asked = 0;

async function draw() {
  asked += 1;
  const turn = asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  // What is half typed cannot be sent; then the last one stays. So it does when answers overtake.
  if (!response.ok || turn !== asked) return;
  preview.innerHTML = await response.text();
}

function drawMail() {
  // A new frame each time: going on in the old one would fill the way back with previews.
  const frame = document.getElementById("mail");
  const next = frame.cloneNode(false);
  next.removeAttribute("src");
  frame.replaceWith(next);
  form.requestSubmit(button);
}

function show() {
  if (preview) draw().catch(() => {});
  else drawMail();
}

function insert(gap) {
  const field = form.querySelector("[data-last]") || form.elements.body;
  field.setRangeText(gap, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

button.hidden = true;
form.addEventListener("focusin", (event) => {
  if (!event.target.matches("#subject, #body")) return;
  form.querySelector("[data-last]")?.removeAttribute("data-last");
  event.target.dataset.last = "";
});
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE_MILLISECONDS);
});
for (const gap of document.querySelectorAll(".gap")) {
  gap.disabled = false;
  gap.addEventListener("click", () => insert(gap.dataset.insert));
}
