/* The card in front of staff: what stands on it, what just happened, what can be done. */

const SIGNS = { good: "M5 13l4.500 4.500L19 7", bad: "M12 6v8m0 4v.1" };
const at = (id) => document.getElementById(id);
const GIFT = '<svg viewBox="0 0 24 24"><path d="M4 11h16v9H4zM3 7h18v4H3zM12 7v13"/></svg>';
const TICK = '<svg viewBox="0 0 24 24"><path d="M6 12.5l4 4 8-9"/></svg>';

/** Open the sheet of a card that was found. */
export function showCard(card) {
  at("customer").textContent = card.customer;
  at("program").textContent = card.program;
  showProgress(card.progress, card.columns, card.reward.name);
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

export function showProgress(progress, columns, reward) {
  const dots = at("dots");
  const before = dots.querySelectorAll(".is-taken").length;
  const isSameCard = dots.children.length === progress.target && !at("card-sheet").hidden;
  dots.className = `dots columns-${columns}`;
  dots.replaceChildren(...Array.from({ length: progress.target }, (_, place) => {
    const dot = document.createElement("li");
    dot.className = "dot";
    dot.innerHTML = place === progress.target - 1 ? GIFT : TICK;
    dot.classList.toggle("is-taken", place < progress.stamps);
    dot.classList.toggle("is-new", isSameCard && place >= before && place < progress.stamps);
    return dot;
  }));
  at("count").textContent = progress.text;
  const ready = progress.rewards_ready;
  at("reward").textContent = ready ? `${ready > 1 ? `${ready} × ` : ""}${reward} ready` : `for ${reward}`;
  at("count").parentElement.classList.toggle("is-ready", ready > 0);
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

/** Show these buttons and no others. */
export function offer(...names) {
  for (const button of at("card-sheet").querySelectorAll(".actions button")) {
    button.hidden = !names.includes(button.id);
    button.disabled = false;
  }
}

/** Say something to everybody: on the screen while no card is open, and to screen readers. */
export function say(words, kind = "good") {
  at("status").textContent = words;
  at("status").className = `toast is-${kind}`;
}

/** Say why something was refused, with the hour at the shop when it becomes possible. */
export function reasonOf(problem, timeZone) {
  if (!problem.retry_at) return "";
  const moment = new Date(problem.retry_at);
  const day = (date) => date.toLocaleDateString("en-GB", { timeZone });
  const hour = moment.toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const weekday = moment.toLocaleDateString("en-GB", { timeZone, weekday: "long" });
  const when = day(moment) === day(new Date()) ? hour : `${weekday} ${hour}`;
  return problem.code === "too_many_attempts" ? `Possible again at ${when}.` : `Next stamp possible at ${when}.`;
}
