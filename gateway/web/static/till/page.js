/* The page the till stands on. */

/** Return the element of the page with this id. */
export const at = (id) => document.getElementById(id);
