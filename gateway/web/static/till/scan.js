/* The till: a code comes from anywhere, its card is shown, and one touch rewards the visit. */

import { Unreachable, Wish, post } from "./requests.js";
import { askForSale, enteredSale } from "./sale.js";
import { closeCard, hideOutcome, offer, reasonOf, say, showCard, showOutcome, showReserved, showRewards, showStanding } from "./sheet.js";
import { signal } from "./signals.js";
import { codeOf, startViewfinder } from "./viewfinder.js";
import { listenForScanner } from "./wedge.js";

const SAME_CODE_MILLISECONDS = 4000;
const UNDO_SECONDS_MAX = 10;
const DOUBLE_TAP_MILLISECONDS = 500;
const at = (id) => document.getElementById(id);
const timeZone = at("desk").dataset.timeZone;

let card = null;
let code = "";
let stamped = null;
let redemption = null;
let wishes = new Map();
let countdown = 0;
let isLooking = false;
let lastCode = { text: "", seenAt: 0 };

/* Finding a card */

async function find(text) {
  if (isLooking) return;
  isLooking = true;
  try {
    const { ok, body } = await post("/till/api/look-ups", { code: text });
    if (ok) {
      code = text;
      open(body);
    } else refuse(body);
  } catch (error) {
    fail(error);
  } finally {
    isLooking = false;
  }
}

/** Show the card in front of staff as it stands now; what just happened stays on the screen. */
async function renew() {
  const shown = card;
  const { ok, body } = await post("/till/api/look-ups", { code }).catch(() => ({ ok: false }));
  if (!ok || card !== shown) return;
  Object.assign(card, body);
  showStanding(card.standing);
  showRewards(card.rewards, redeem);
}

function open(found) {
  signal("seen");
  clearInterval(countdown);
  card = found;
  stamped = null;
  wishes = new Map();
  const isTyping = at("ready-sheet").contains(document.activeElement);
  showCard(card);
  redemption = card.reserved[0] ?? null;
  showReserved(redemption);
  showRewards(card.rewards, redeem);
  askForSale(card.asks);
  offerActions();
  // Who works with the keyboard goes on with it; nobody else has the focus moved.
  if (isTyping) (card.asks ? at("amount") : document.querySelector(".actions button:not([hidden])")).focus();
  say(`${card.customer}, ${card.standing.text}`);
}

function close() {
  clearInterval(countdown);
  lastCode = { text: lastCode.text, seenAt: performance.now() };
  card = null;
  closeCard();
  say("");
}

/** A code the camera sees: not again while it is still held there, nor while a card is open. */
function seen(text) {
  const isHeld = text === lastCode.text && performance.now() - lastCode.seenAt < SAME_CODE_MILLISECONDS;
  if (isHeld || card) {
    if (text === lastCode.text) lastCode.seenAt = performance.now();
    if (!stamped || text === lastCode.text) return;
  }
  lastCode = { text, seenAt: performance.now() };
  find(text);
}

/* What staff do */

function offerActions() {
  if (redemption) {
    offer("hand-out", "put-back");
    return;
  }
  offer(card.asks ? "sale" : "stamp", "redeem");
}

/** Carry out a wish once; pressed twice it is the same wish, and after silence the same key. */
async function carryOut(name, path, body, button = at(name)) {
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

async function stamp() {
  hideOutcome();
  const answer = await carryOut("stamp", "/till/api/stamps", { card_id: card.card_id });
  if (!answer) return;
  stamped = { ...answer, path: "/till/api/undos", body: { transaction_id: answer.transaction_id } };
  await progressed(answer);
  done("Stamped.", answer.rewards_earned ? `${card.standing.ready.join(", ")} is ready!` : `${answer.progress.text}.`);
}

async function recordSale() {
  const entered = enteredSale(card.asks);
  if (!entered) return;
  hideOutcome();
  // Changed after silence it is another purchase; as it was, it is the same one tried again.
  const body = { card_id: card.card_id, ...entered };
  const unsure = wishes.get("record");
  const reference = unsure?.isFor(body) ? unsure.body.reference : crypto.randomUUID();
  if (reference !== unsure?.body.reference) wishes.delete("record");
  const answer = await carryOut("record", "/till/api/sales", { ...body, reference });
  if (!answer) return;
  stamped = { ...answer, undo_until: null, path: "/till/api/sales", body: { ...entered, reference, is_void: true } };
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

function countDown() {
  // Our own clock from the answer on: the till's may be wrong by minutes.
  const allowed = stamped.undo_until ? (new Date(stamped.undo_until) - new Date(stamped.occurred_at)) / 1000 : UNDO_SECONDS_MAX;
  const ends = performance.now() + Math.min(allowed, UNDO_SECONDS_MAX) * 1000;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    at("undo").textContent = `Undo (${left})`;
    if (left > 0) return;
    clearInterval(countdown);
    at("undo").hidden = true;
  };
  clearInterval(countdown);
  countdown = setInterval(tick, 250);
  tick();
}

async function undo() {
  const answer = await carryOut("undo", stamped.path, { card_id: card.card_id, ...stamped.body });
  if (!answer) return;
  clearInterval(countdown);
  stamped = null;
  await progressed(answer);
  showOutcome("good", "Taken back.", `${answer.progress.text}.`);
  offerActions();
}

async function redeem(reward, button) {
  clearInterval(countdown);
  hideOutcome();
  const body = { card_id: card.card_id, reward_id: reward.reward_id };
  redemption = await carryOut(`redeem ${reward.reward_id}`, "/till/api/redemptions", body, button);
  if (!redemption) return;
  await progressed(redemption);
  showReserved(redemption);
  offerActions();
  say(`Code ${redemption.code}`);
}

async function finish(name, path, words) {
  const body = { card_id: card.card_id, redemption_id: redemption.redemption_id };
  const answer = await carryOut(name, path, body);
  if (!answer) return null;
  redemption = null;
  showReserved(null);
  await progressed(answer);
  signal("good");
  showOutcome("good", words, answer.reward);
  offer("next");
  return answer;
}

async function handOut() {
  const answer = await finish("hand-out", "/till/api/redemptions/hand-out", "Handed out.");
  if (!answer) return;
  const body = { redemption_id: answer.redemption_id };
  stamped = { ...answer, undo_until: null, path: "/till/api/redemptions/take-back", body };
  offer("next", "undo");
  countDown();
}

/** Show how far the card is now; what else stands on it follows, unless a reward just became ready. */
async function progressed(answer) {
  const { standing } = card;
  if (standing.dots) standing.dots.taken = answer.progress.count;
  standing.text = answer.progress.text;
  showStanding(standing);
  const renewed = renew();
  if (answer.rewards_earned) await renewed;
}

function refuse(problem) {
  signal("bad");
  const reason = reasonOf(problem, timeZone, card?.standing);
  if (card) showOutcome("bad", problem.detail, reason);
  else say(`${problem.detail} ${reason}`.trim(), "bad");
}

function fail(error) {
  if (!(error instanceof Unreachable)) throw error;
  signal("bad");
  if (card) showOutcome("bad", "No connection.", "Press again: it counts once.");
  else say("No connection. Please try again.", "bad");
}

/* What the page listens to */

at("stamp").addEventListener("click", stamp);
at("sale").addEventListener("submit", (event) => { event.preventDefault(); recordSale(); });
at("undo").addEventListener("click", undo);
at("hand-out").addEventListener("click", handOut);
at("put-back").addEventListener("click", () => finish("put-back", "/till/api/redemptions/cancel", "Put back."));
at("next").addEventListener("click", close);
at("close").addEventListener("click", close);
addEventListener("keydown", (event) => { if (event.key === "Escape" && card) close(); });

at("typed").addEventListener("submit", async (event) => {
  event.preventDefault();
  await find(at("typed-code").value);
  if (card) at("typed-code").value = "";
});

at("photo").addEventListener("change", async () => {
  const [file] = at("photo").files;
  at("photo").value = "";
  if (!file) return;
  const text = await codeOf(file);
  if (text) find(text);
  else say("There is no code in this photo.", "bad");
});

listenForScanner(find);

async function stayAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
startViewfinder(seen);
