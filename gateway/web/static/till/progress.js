/* How far the card is after what was just done, and what can be done next. */

import { counter } from "./counter.js";
import { post } from "./requests.js";
import { offer, showRewards, showStanding } from "./sheet.js";

export function offerActions() {
  if (counter.redemption) {
    offer("hand-out", "put-back");
    return;
  }
  offer(counter.card.asks ? "sale" : "stamp", "redeem");
}

/** Show how far the card is now; what else stands on it follows, unless a reward just became ready. */
export async function progressed(answer) {
  const { standing } = counter.card;
  if (standing.dots) standing.dots.taken = answer.progress.count;
  standing.text = answer.progress.text;
  showStanding(standing);
  const renewed = renew();
  if (answer.rewards_earned) await renewed;
}

/** Show the card in front of staff as it stands now; what just happened stays on the screen. */
async function renew() {
  const { card, code } = counter;
  const { ok, body } = await post("/till/api/look-ups", { code }).catch(() => ({ ok: false }));
  if (!ok || counter.card !== card) return;
  Object.assign(card, body);
  showStanding(card.standing);
  showRewards(card.rewards);
}
