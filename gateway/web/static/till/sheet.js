/* The card in front of staff: what stands on it, what just happened, what can be done. */

import { at } from "./page.js";

const SIGNS = { good: "M5 13l4.500 4.500L19 7", bad: "M12 6v8m0 4v.1" };
const GIFT = '<svg viewBox="0 0 24 24"><path d="M4 11h16v9H4zM3 7h18v4H3zM12 7v13"/></svg>';
const TICK = '<svg viewBox="0 0 24 24"><path d="M6 12.5l4 4 8-9"/></svg>';

/** Open the sheet of a card that was found. */
export function showCard(card) {
  at("customer").textContent = card.customer;
  at("program").textContent = `${card.program} · ${card.standing.kind}`;
  showStanding(card.standing);
  hideOutcome();
  at("ready-sheet").hidden = true;
  at("card-sheet").hidden = false;
  document.body.classList.add("has-card");
}

export function closeCard() {
  at("card-sheet").hidden = true;
  at("ready-sheet").hidden = false;
  document.body.classList.remove("has-card");
}

/** Show how a card stands: dots for the eye where it has places, and the same in words. */
export function showStanding(standing) {
  showDots(standing.dots);
  at("count").textContent = standing.text;
  const isReady = standing.ready.length > 0;
  at("reward").textContent = isReady ? `${standing.ready.join(", ")} ready` : standing.sentence;
  at("count").parentElement.classList.toggle("is-ready", isReady);
  fill(at("lines"), standing.lines);
}

function showDots(dots) {
  const list = at("dots");
  list.hidden = !dots;
  if (!dots) return;
  const before = list.querySelectorAll(".is-taken").length;
  const isSameCard = list.children.length === dots.places && !at("card-sheet").hidden;
  list.className = `dots columns-${dots.columns}`;
  list.replaceChildren(...Array.from({ length: dots.places }, (_, place) => {
    const dot = document.createElement("li");
    dot.className = "dot";
    dot.innerHTML = place === dots.places - 1 ? GIFT : TICK;
    dot.classList.toggle("is-taken", place < dots.taken);
    dot.classList.toggle("is-new", isSameCard && place >= before && place < dots.taken);
    return dot;
  }));
}

function fill(list, lines) {
  list.hidden = !lines.length;
  list.replaceChildren(...lines.map((words) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  }));
}

/** Show a button for each reward that can be had, and the others with what is missing. */
export function showRewards(rewards) {
  at("redeem").replaceChildren(...rewards.filter((reward) => reward.is_ready).map((reward) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button is-huge is-reward";
    button.textContent = `Redeem: ${reward.name}`;
    button.dataset.rewardId = reward.reward_id;
    return button;
  }));
  const later = rewards.filter((reward) => !reward.is_ready);
  fill(at("later-rewards"), later.map((reward) => `${reward.name}, ${reward.price}: ${reward.why_not}`));
  at("later").hidden = !later.length;
}

/** Show what happened; the toast says the same to those who listen. */
export function showOutcome(kind, words, reason = "") {
  const outcome = at("outcome");
  outcome.className = `outcome is-${kind}`;
  outcome.hidden = false;
  at("outcome-sign").setAttribute("d", SIGNS[kind]);
  at("outcome-words").textContent = words;
  at("outcome-reason").textContent = reason;
  say(`${words} ${reason}`.trim());
}

export function hideOutcome() {
  at("outcome").hidden = true;
  say("");
}

export function showReserved(redemption) {
  at("reserved").hidden = !redemption;
  if (!redemption) return;
  at("reserved-code").textContent = redemption.code;
  at("reserved-reward").textContent = redemption.reward;
}

/** Show these actions and no others. */
export function offer(...names) {
  for (const action of at("card-sheet").querySelectorAll(".actions > *, #sale")) {
    action.hidden = !names.includes(action.id);
    for (const button of [action, ...action.querySelectorAll("button")]) button.disabled = false;
  }
}

/** Say something to everybody: on the screen while no card is open, and to screen readers. */
export function say(words, kind = "good") {
  at("status").textContent = words;
  at("status").className = `toast is-${kind}`;
}

/** Say why something was refused, with the hour at the shop when it becomes possible. */
export function reasonOf(problem, timeZone, standing) {
  if (!problem.retry_at) return "";
  const moment = new Date(problem.retry_at);
  const day = (date) => date.toLocaleDateString("en-GB", { timeZone });
  const hour = moment.toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const weekday = moment.toLocaleDateString("en-GB", { timeZone, weekday: "long" });
  const when = day(moment) === day(new Date()) ? hour : `${weekday} ${hour}`;
  return standing?.dots ? `Next stamp possible at ${when}.` : `Possible again at ${when}.`;
}
