/* A visit is rewarded: with a stamp, or by what was paid. */

import { counter } from "./counter.js";
import { at } from "./page.js";
import { progressed } from "./progress.js";
import { enteredSale } from "./sale.js";
import { hideOutcome, offer, showOutcome } from "./sheet.js";
import { signal } from "./signals.js";
import { countDown } from "./undoing.js";
import { carryOut, forgetWish, unsureWish } from "./wishes.js";

const DOUBLE_TAP_MILLISECONDS = 500;

export async function stamp() {
  hideOutcome();
  const answer = await carryOut("stamp", "/till/api/stamps", { card_id: counter.card.card_id });
  if (!answer) return;
  counter.stamped = { ...answer, path: "/till/api/undos", body: { transaction_id: answer.transaction_id } };
  await progressed(answer);
  const { ready } = counter.card.standing;
  done("Stamped.", answer.rewards_earned ? `${ready.join(", ")} is ready!` : `${answer.progress.text}.`);
}

export async function recordSale() {
  const entered = enteredSale(counter.card.asks);
  if (!entered) return;
  hideOutcome();
  // Changed after silence it is another purchase; as it was, it is the same one tried again.
  const body = { card_id: counter.card.card_id, ...entered };
  const unsure = unsureWish("record");
  const reference = unsure?.isFor(body) ? unsure.body.reference : crypto.randomUUID();
  if (reference !== unsure?.body.reference) forgetWish("record");
  const answer = await carryOut("record", "/till/api/sales", { ...body, reference });
  if (!answer) return;
  counter.stamped = { ...answer, undo_until: null, path: "/till/api/sales", body: { ...entered, reference, is_void: true } };
  await progressed(answer);
  done(answer.given.length ? "Recorded." : "Recorded, nothing collected.", said(answer));
}

/** Say what a purchase gave, and why not more. */
function said(answer) {
  const isEmpty = !answer.given.length;
  const telling = answer.explanations.filter((line) => line.sentence && (isEmpty || !line.matched || line.given < line.wanted));
  const why = telling.map((line) => line.sentence.replace(/\.?$/, "."));
  return [isEmpty ? "" : answer.receipt_text, ...new Set(why)].join(" ").trim();
}

function done(words, reason) {
  signal("good");
  showOutcome("good", words, reason);
  offer("next", "undo", "redeem");
  // It stands where "Stamp" stood: a double tap must not send the customer away.
  at("next").disabled = true;
  setTimeout(() => {
    at("next").disabled = false;
    if (document.activeElement === document.body) at("next").focus({ focusVisible: false });
  }, DOUBLE_TAP_MILLISECONDS);
  countDown();
}
