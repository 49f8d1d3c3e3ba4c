/* Shows how a campaign goes on while somebody looks at it. */

const AGAIN_MILLISECONDS = 5000;
// Often enough to follow, seldom enough to listen to.
const SPEAK_MILLISECONDS = 20000;

const live = document.getElementById("live");
const said = document.getElementById("said");
let spokenAt = Date.now();

function speak(sentence, isUrgent) {
  if (!isUrgent && Date.now() - spokenAt < SPEAK_MILLISECONDS) return;
  said.textContent = sentence;
  spokenAt = Date.now();
}

function show(progress) {
  const hasMoved = progress.status !== live.dataset.status;
  const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  live.innerHTML = progress.html;
  live.dataset.status = progress.status;
  if (focused) live.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  for (const button of document.querySelectorAll("[data-in]")) {
    button.hidden = !button.dataset.in.split(" ").includes(progress.status);
  }
  speak(progress.said, hasMoved);
}

function watch() {
  const source = new EventSource(live.dataset.events);
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("end", () => source.close());
  source.addEventListener("error", () => {
    // A stream that was cut comes again by itself; one that was refused does not.
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, AGAIN_MILLISECONDS);
  });
  // A page that is left must not hold its seat, also when the browser keeps it for Back.
  addEventListener("pagehide", () => source.close(), { once: true });
}

if (live.dataset.events) {
  watch();
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
