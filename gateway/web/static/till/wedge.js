/* Scanners that behave as a keyboard: fast keys and Enter, wherever the focus is. */

const KEY_MILLISECONDS_MAX = 60;
const CODE_CHARACTERS_MIN = 6;

export function listenForScanner(onCode) {
  let typed = "";
  let lastKeyAt = 0;
  addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const isFast = event.timeStamp - lastKeyAt <= KEY_MILLISECONDS_MAX;
    lastKeyAt = event.timeStamp;
    if (!isFast) typed = "";
    if (event.key === "Enter" && typed.length >= CODE_CHARACTERS_MIN) {
      // A focused button must not take the scanner's Enter for a press.
      event.preventDefault();
      onCode(typed);
      typed = "";
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  });
}
