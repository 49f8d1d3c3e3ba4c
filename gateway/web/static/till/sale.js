/* The amount of a purchase, for cards whose rules look at what was paid. */

import { at } from "./page.js";

/** Ask for what a card needs; nothing of the purchase before is left. */
export function askForSale(asks) {
  if (!asks) return;
  at("amount").value = "";
  at("currency").textContent = asks.currency;
  at("amount").placeholder = (0).toFixed(asks.digits);
  complain("");
  at("category-field").hidden = !asks.categories.length;
  at("category").replaceChildren(...["", ...asks.categories].map((name) => new Option(name || "Anything", name)));
}

/** Return what was entered as `{amount_minor, category}`, or null after saying what is wrong. */
export function enteredSale(asks) {
  const amount = minorUnits(at("amount").value, asks.digits);
  complain(amount === null ? `Please enter an amount like ${(12).toFixed(asks.digits)}.` : "");
  if (amount === null) return null;
  return { amount_minor: amount, category: at("category").value || null };
}

/** Read an amount as people write it, with a point or a comma; null when it is none. */
function minorUnits(text, digits) {
  const found = /^(\d{1,7})(?:[.,](\d+))?$/.exec(text.trim());
  const fraction = found?.[2] ?? "";
  if (!found || fraction.length > digits) return null;
  const amount = Number(found[1] + fraction.padEnd(digits, "0"));
  return amount > 0 ? amount : null;
}

function complain(words) {
  at("amount-mistake").textContent = words;
  at("amount-mistake").hidden = !words;
  at("amount").setAttribute("aria-invalid", String(Boolean(words)));
  if (words) at("amount").focus();
}
