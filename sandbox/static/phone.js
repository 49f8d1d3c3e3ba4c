// Keeps the phone's page live: follows its events, and moves between views without reloading.

const BANNER_SHOWN_MS = 6000;
const PULL_PX = 70;
const parser = new DOMParser();
const received = new Map();
let announced = { number: "", until: 0 };
let pending = Promise.resolve();

/** Fetch the page and put its screen and panels in place of ours. */
async function show(address, motion) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const next = parser.parseFromString(await response.text(), "text/html");
  await takeColours(next);
  const swap = () => {
    for (const id of ["screen", "panels"]) replace(document.getElementById(id), next.getElementById(id));
    tick();
  };
  document.documentElement.dataset.motion = motion;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (motion !== "live" && document.startViewTransition && !calm) {
    await document.startViewTransition(swap).finished;
  } else {
    swap();
  }
}

/** One view after the other, so that a late answer never covers a newer one. */
function queue(address, motion) {
  pending = pending.then(() => show(address, motion)).catch(() => {});
  return pending;
}

/** Put theirs in place of ours, unless the server says the same as before. */
function replace(ours, theirs) {
  if (received.get(theirs.id) === theirs.innerHTML) {
    for (const { name, value } of theirs.attributes) ours.setAttribute(name, value);
    return;
  }
  received.set(theirs.id, theirs.innerHTML);
  const place = ours.querySelector(".back")?.scrollTop ?? 0;
  const typed = [...ours.querySelectorAll("input[name=address]")].map((input) => input.value);
  markFresh(ours, theirs);
  if (Number(ours.dataset.notification) < Number(theirs.dataset.notification)) {
    announced = { number: theirs.dataset.notification, until: Date.now() + BANNER_SHOWN_MS };
  }
  const isShownAlready = Boolean(ours.querySelector("#banner.is-shown"));
  if (isShownAlready) announce(theirs);
  ours.replaceWith(theirs);
  theirs.querySelectorAll("input[name=address]").forEach((input, at) => { input.value = typed[at] ?? ""; });
  if (theirs.querySelector(".back")) theirs.querySelector(".back").scrollTop = place;
  if (!isShownAlready) requestAnimationFrame(() => requestAnimationFrame(() => announce(theirs)));
}

/** A value that changed under the person's eyes is stamped onto the card. */
function markFresh(ours, theirs) {
  const card = theirs.querySelector(".card.is-open");
  const before = card && ours.querySelector(`.card.is-open[data-card="${card.dataset.card}"]`);
  if (!before) return;
  for (const field of card.querySelectorAll(".face .field")) {
    const old = before.querySelector(`.face [data-field="${CSS.escape(field.dataset.field)}"]`);
    if (old && old.textContent !== field.textContent) field.classList.add("is-fresh");
  }
}

/** A new message drops from above in the Wallet, and lights up on the lock screen. */
function announce(screen) {
  const left = announced.until - Date.now();
  const message = screen.querySelector(`.notification[data-number="${announced.number}"]`);
  if (!message || left <= 0) return;
  message.classList.add("is-shown");
  setTimeout(() => message.classList.remove("is-shown"), left);
}

/** Load the cards' colours before the cards, so that none flashes in grey. */
async function takeColours(next) {
  const ours = document.getElementById("colours");
  const theirs = next.getElementById("colours");
  if (ours.getAttribute("href") === theirs.getAttribute("href")) return;
  const link = document.importNode(theirs, true);
  await new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    ours.after(link);
  });
  ours.remove();
}

function tick() {
  const now = new Date();
  const time = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const date = now.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
  for (const clock of document.querySelectorAll(".clock")) clock.textContent = time;
  for (const day of document.querySelectorAll(".lock-clock .date")) day.textContent = date;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step]");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  queue(link.href, link.dataset.step);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (!("quiet" in form.dataset)) return;
  event.preventDefault();
  form.classList.add("is-busy");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  history.replaceState(null, "", answer.url);
  await queue(answer.url, "open");
});

addEventListener("popstate", () => queue(location.href, "open"));

let pulledFrom = null;
document.addEventListener("pointerdown", (event) => {
  const back = event.target.closest(".back");
  pulledFrom = back && back.scrollTop <= 0 ? event.clientY : null;
});
document.addEventListener("pointerup", (event) => {
  const isPulled = pulledFrom !== null && event.clientY - pulledFrom > PULL_PX;
  pulledFrom = null;
  if (isPulled) document.querySelector(".pull")?.requestSubmit();
});

const events = new EventSource(document.body.dataset.events);
events.addEventListener("changed", (event) => {
  if (event.data !== document.getElementById("screen").dataset.version) queue(location.href, "live");
});

for (const id of ["screen", "panels"]) received.set(id, document.getElementById(id).innerHTML);
tick();
setInterval(tick, 1000);
