/* A code comes from anywhere, and its card is laid on the counter. */

import { counter } from "./counter.js";
import { at } from "./page.js";
import { offerActions } from "./progress.js";
import { post } from "./requests.js";
import { askForSale } from "./sale.js";
import { closeCard, say, showCard, showReserved, showRewards } from "./sheet.js";
import { signal } from "./signals.js";
import { fail, refuse } from "./troubles.js";
import { stopCountDown } from "./undoing.js";
import { forgetWishes } from "./wishes.js";

const SAME_CODE_MILLISECONDS = 4000;

let isLooking = false;
let lastCode = { text: "", seenAt: 0 };

export async function find(text) {
  if (isLooking) return;
  isLooking = true;
  try {
    const { ok, body } = await post("/till/api/look-ups", { code: text });
    if (ok) {
      counter.code = text;
      open(body);
    } else refuse(body);
  } catch (error) {
    fail(error);
  } finally {
    isLooking = false;
  }
}

/** A code the camera sees: not again while it is still held there, nor while a card is open. */
export function seen(text) {
  const isHeld = text === lastCode.text && performance.now() - lastCode.seenAt < SAME_CODE_MILLISECONDS;
  if (isHeld || counter.card) {
    if (text === lastCode.text) lastCode.seenAt = performance.now();
    if (!counter.stamped || text === lastCode.text) return;
  }
  lastCode = { text, seenAt: performance.now() };
  find(text);
}

export function close() {
  stopCountDown();
  lastCode = { text: lastCode.text, seenAt: performance.now() };
  counter.card = null;
  closeCard();
  say("");
}

function open(card) {
  signal("seen");
  stopCountDown();
  Object.assign(counter, { card, stamped: null, redemption: card.reserved[0] ?? null });
  forgetWishes();
  const isTyping = at("ready-sheet").contains(document.activeElement);
  showCard(card);
  showReserved(counter.redemption);
  showRewards(card.rewards);
  askForSale(card.asks);
  offerActions();
  // Who works with the keyboard goes on with it; nobody else has the focus moved.
  if (isTyping) (card.asks ? at("amount") : document.querySelector(".actions button:not([hidden])")).focus();
  say(`${card.customer}, ${card.standing.text}`);
}
