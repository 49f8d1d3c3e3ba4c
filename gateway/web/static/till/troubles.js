/* What staff hear when something was refused, or when nobody answered. */

import { counter } from "./counter.js";
import { at } from "./page.js";
import { Unreachable } from "./requests.js";
import { reasonOf, say, showOutcome } from "./sheet.js";
import { signal } from "./signals.js";

const timeZone = at("desk").dataset.timeZone;

export function refuse(problem) {
  signal("bad");
  const reason = reasonOf(problem, timeZone, counter.card?.standing);
  if (counter.card) showOutcome("bad", problem.detail, reason);
  else say(`${problem.detail} ${reason}`.trim(), "bad");
}

export function fail(error) {
  if (!(error instanceof Unreachable)) throw error;
  signal("bad");
  if (counter.card) showOutcome("bad", "No connection.", "Press again: it counts once.");
  else say("No connection. Please try again.", "bad");
}
