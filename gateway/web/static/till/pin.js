/* The PIN pad: types into the field, so that a keyboard works just as well. */

const field = document.getElementById("pin");
const pad = document.querySelector(".pad");
pad.hidden = false;

// On a touch screen our pad is the keyboard; another one on top of it would hide it.
if (matchMedia("(pointer: coarse)").matches) field.inputMode = "none";
else field.focus();

pad.addEventListener("click", (event) => {
  const key = event.target.closest("button");
  if (!key || key.type === "submit") return;
  if (key.value === "back") field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += key.value;
  document.getElementById("pin-mistake").textContent = "";
  navigator.vibrate?.(8);
});

// After choosing a person the focus is on them; digits still mean the PIN.
document.addEventListener("keydown", (event) => {
  if (event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9]$/.test(event.key) && field.value.length < field.maxLength) field.value += event.key;
  else if (event.key === "Backspace") field.value = field.value.slice(0, -1);
  else if (event.key === "Enter" && event.target.matches("input[name=person]")) field.form.requestSubmit();
  else return;
  event.preventDefault();
});

for (const person of document.querySelectorAll("input[name=person]")) {
  person.addEventListener("change", () => { field.value = ""; });
}
