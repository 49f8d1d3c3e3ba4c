/* What lies on the counter: the card in front of staff, and what was just done with it. */

/** `code` found the `card`; `stamped` can be undone; `redemption` is set aside. */
export const counter = { card: null, code: "", stamped: null, redemption: null };
