/* Keeps the card on the page up to date while somebody looks at it. */

const POLL_MILLISECONDS = 3000;
const POLL_MILLISECONDS_MAX = 60000;

const live = document.getElementById("live");
let etag = live.dataset.etag;
let pause = POLL_MILLISECONDS;

async function refresh() {
  const response = await fetch(live.dataset.address, { headers: { "If-None-Match": etag }, cache: "no-store" });
  if (response.status === 200) {
    live.innerHTML = await response.text();
    document.getElementById("said").textContent = document.getElementById("sentence").dataset.said;
    etag = response.headers.get("ETag");
  } else if (response.status !== 304) {
    throw new Error(`the card's page answered ${response.status}`);
  }
}

async function poll() {
  if (!document.hidden) {
    try {
      await refresh();
      pause = POLL_MILLISECONDS;
    } catch {
      // Offline, or we are: the card stays as it was, and we ask less and less often.
      pause = Math.min(pause * 2, POLL_MILLISECONDS_MAX);
    }
  }
  setTimeout(poll, pause);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh().catch(() => {});
});
setTimeout(poll, pause);
