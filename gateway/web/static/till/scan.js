/* The till: a code comes from anywhere, its card is shown, and one touch rewards the visit. */

import { counter } from "./counter.js";
import { close, find, seen } from "./finding.js";
import { at } from "./page.js";
import { handOut, putBack, redeem } from "./redeeming.js";
import { recordSale, stamp } from "./rewarding.js";
import { say } from "./sheet.js";
import { undo } from "./undoing.js";
import { codeOf, startViewfinder } from "./viewfinder.js";
import { listenForScanner } from "./wedge.js";

at("stamp").addEventListener("click", stamp);
at("sale").addEventListener("submit", (event) => { event.preventDefault(); recordSale(); });
at("redeem").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) redeem(button.dataset.rewardId, button);
});
at("undo").addEventListener("click", undo);
at("hand-out").addEventListener("click", handOut);
at("put-back").addEventListener("click", putBack);
at("next").addEventListener("click", close);
at("close").addEventListener("click", close);
addEventListener("keydown", (event) => { if (event.key === "Escape" && counter.card) close(); });

at("typed").addEventListener("submit", async (event) => {
  event.preventDefault();
  await find(at("typed-code").value);
  if (counter.card) at("typed-code").value = "";
});

at("photo").addEventListener("change", async () => {
  const [file] = at("photo").files;
  at("photo").value = "";
  if (!file) return;
  const text = await codeOf(file);
  if (text) find(text);
  else say("There is no code in this photo.", "bad");
});

listenForScanner(find);

async function stayAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
startViewfinder(seen);
