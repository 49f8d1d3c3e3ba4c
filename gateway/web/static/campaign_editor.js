/* Shows a campaign and counts its audience while somebody writes it; the server does both. */

const DRAW_MILLISECONDS = 300;
const COUNT_MILLISECONDS = 800;

const form = document.getElementById("writing");

/* Asks the server to draw a part of the page from the form, a moment after the last change. */
function drawer(id, address, milliseconds) {
  const place = document.getElementById(id);
  let waiting = 0;
  let asked = 0;
  async function draw() {
    asked += 1;
    const turn = asked;
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      // What is half typed cannot be drawn; then the last one stays. So it does when answers overtake.
      if (response.ok && turn === asked) place.innerHTML = await response.text();
    } finally {
      if (turn === asked) place.removeAttribute("aria-busy");
    }
  }
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => draw().catch(() => {}), milliseconds);
  };
}

/* Turns the links to the languages into tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */
function tabs(list) {
  const links = [...list.querySelectorAll("a")];
  const panel = (link) => document.getElementById(link.hash.slice(1));
  function choose(chosen) {
    for (const link of links) {
      const isChosen = link === chosen;
      link.setAttribute("aria-selected", String(isChosen));
      link.tabIndex = isChosen ? 0 : -1;
      panel(link).hidden = !isChosen;
    }
  }
  list.setAttribute("role", "tablist");
  for (const [place, link] of links.entries()) {
    link.setAttribute("role", "tab");
    link.id = `${link.hash.slice(1)}-tab`;
    link.setAttribute("aria-controls", link.hash.slice(1));
    panel(link).setAttribute("role", "tabpanel");
    panel(link).setAttribute("aria-labelledby", link.id);
    panel(link).querySelector("h2").hidden = true;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = links[(place + step + links.length) % links.length];
      choose(next);
      next.focus();
    });
  }
  choose(links.find((link) => panel(link).querySelector('[aria-invalid="true"]')) ?? links[0]);
}

const draw = drawer("previews", "/merchant/campaigns/preview", DRAW_MILLISECONDS);
const count = drawer("estimate", "/merchant/campaigns/estimate", COUNT_MILLISECONDS);
const counted = [document.getElementById("audience"), document.getElementById("ways")];

document.getElementById("show-previews").hidden = true;
for (const button of form.querySelectorAll('[name="show"]')) {
  button.addEventListener("click", () => form.querySelector("iframe").scrollIntoView({ block: "nearest" }));
}
tabs(document.querySelector(".languages"));
form.addEventListener("input", (event) => {
  if (event.target.closest("#words")) draw();
});
form.addEventListener("change", (event) => {
  if (counted.some((part) => part.contains(event.target))) count();
});
document.getElementById("ask-estimate").addEventListener("click", (event) => {
  event.preventDefault();
  count();
});
