/* Requests to our own till doors: safe to repeat, because a retry carries the same key. */

const TRIES_MAX = 3;
const PAUSE_MILLISECONDS = 400;
const REQUEST_MILLISECONDS_MAX = 8000;

const token = document.querySelector("meta[name=csrf-token]").content;

/** Nobody answered; nothing is known about the effect, so only the same key may try again. */
export class Unreachable extends Error {}

/** Return `{ok, body}`; `body` is the answer, or the problem with its `code` and `detail`. */
export async function post(path, body, key = null) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(path, body, key);
    } catch (error) {
      if (attempt === TRIES_MAX) throw new Unreachable(error.message);
      await new Promise((resume) => { setTimeout(resume, PAUSE_MILLISECONDS * attempt); });
    }
  }
}

async function send(path, body, key) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  if (key) headers["Idempotency-Key"] = key;
  const response = await fetch(path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_MILLISECONDS_MAX),
  });
  if (response.status === 401) {
    location.assign("/till");
    return new Promise(() => {});
  }
  if (response.status >= 500) throw new Error(`answered ${response.status}`);
  return { ok: response.ok, body: await response.json() };
}

/** One thing a person wants: pressed twice or tried again, it is still the same request. */
export class Wish {
  constructor(path, body) {
    this.path = path;
    this.body = body;
    this.key = crypto.randomUUID();
  }

  /** Whether it is about the same as this body, whatever else it says. */
  isFor(body) {
    return Object.entries(body).every(([name, value]) => this.body[name] === value);
  }

  fulfil() {
    this.underWay ??= post(this.path, this.body, this.key).finally(() => { this.underWay = null; });
    return this.underWay;
  }
}
