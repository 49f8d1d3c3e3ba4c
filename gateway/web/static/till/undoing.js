/* Taking back what was done a moment ago, for as long as the button counts down. */

import { counter } from "./counter.js";
import { at } from "./page.js";
import { offerActions, progressed } from "./progress.js";
import { showOutcome } from "./sheet.js";
import { carryOut } from "./wishes.js";

const UNDO_SECONDS_MAX = 10;

let countdown = 0;

export function countDown() {
  const { stamped } = counter;
  // Our own clock from the answer on: the till's may be wrong by minutes.
  const allowed = stamped.undo_until ? (new Date(stamped.undo_until) - new Date(stamped.occurred_at)) / 1000 : UNDO_SECONDS_MAX;
  const ends = performance.now() + Math.min(allowed, UNDO_SECONDS_MAX) * 1000;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    at("undo").textContent = `Undo (${left})`;
    if (left > 0) return;
    stopCountDown();
    at("undo").hidden = true;
  };
  stopCountDown();
  countdown = setInterval(tick, 250);
  tick();
}

export function stopCountDown() {
  clearInterval(countdown);
}

export async function undo() {
  const { card, stamped } = counter;
  const answer = await carryOut("undo", stamped.path, { card_id: card.card_id, ...stamped.body });
  if (!answer) return;
  stopCountDown();
  counter.stamped = null;
  await progressed(answer);
  showOutcome("good", "Taken back.", `${answer.progress.text}.`);
  offerActions();
}
