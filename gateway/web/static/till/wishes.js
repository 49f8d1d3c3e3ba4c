/* What staff want of the card: each wish is carried out once, however often it is pressed. */

import { at } from "./page.js";
import { Wish } from "./requests.js";
import { fail, refuse } from "./troubles.js";

const wishes = new Map();

/** Return the wish of this name of which nobody knows yet whether it was heard. */
export const unsureWish = (name) => wishes.get(name);

export const forgetWish = (name) => wishes.delete(name);

export const forgetWishes = () => wishes.clear();

/** Carry out a wish once; pressed twice it is the same wish, and after silence the same key. */
export async function carryOut(name, path, body, button = at(name)) {
  button.disabled = true;
  const wish = wishes.get(name) ?? new Wish(path, body);
  wishes.set(name, wish);
  try {
    const answer = await wish.fulfil();
    wishes.delete(name);
    if (!answer.ok) refuse(answer.body);
    return answer.ok ? answer.body : null;
  } catch (error) {
    fail(error);
    return null;
  } finally {
    button.disabled = false;
  }
}
