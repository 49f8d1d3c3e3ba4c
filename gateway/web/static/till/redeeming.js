/* A reward is set aside, and handed out or put back. */

import { counter } from "./counter.js";
import { offerActions, progressed } from "./progress.js";
import { hideOutcome, offer, say, showOutcome, showReserved } from "./sheet.js";
import { signal } from "./signals.js";
import { countDown, stopCountDown } from "./undoing.js";
import { carryOut } from "./wishes.js";

export async function redeem(rewardId, button) {
  stopCountDown();
  hideOutcome();
  const body = { card_id: counter.card.card_id, reward_id: rewardId };
  const reserved = await carryOut(`redeem ${rewardId}`, "/till/api/redemptions", body, button);
  counter.redemption = reserved;
  if (!reserved) return;
  await progressed(reserved);
  showReserved(reserved);
  offerActions();
  say(`Code ${reserved.code}`);
}

export async function handOut() {
  const answer = await finish("hand-out", "/till/api/redemptions/hand-out", "Handed out.");
  if (!answer) return;
  const body = { redemption_id: answer.redemption_id };
  counter.stamped = { ...answer, undo_until: null, path: "/till/api/redemptions/take-back", body };
  offer("next", "undo");
  countDown();
}

export async function putBack() {
  await finish("put-back", "/till/api/redemptions/cancel", "Put back.");
}

async function finish(name, path, words) {
  const { card, redemption } = counter;
  const body = { card_id: card.card_id, redemption_id: redemption.redemption_id };
  const answer = await carryOut(name, path, body);
  if (!answer) return null;
  counter.redemption = null;
  showReserved(null);
  await progressed(answer);
  signal("good");
  showOutcome("good", words, answer.reward);
  offer("next");
  return answer;
}
