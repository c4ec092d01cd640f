/* Every page: a button is pressed once, "/" goes to the search. All of it works without this. */
import { composing } from "./keys.js";

document.addEventListener("submit", (event) => {
  const button = event.submitter || event.target.querySelector("button[type=submit]");
  if (!button || event.defaultPrevented) return;
  if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  button.setAttribute("aria-busy", "true");
});
/* Back from the page that answered: the buttons are buttons again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[aria-busy=true]").forEach((each) => each.removeAttribute("aria-busy"));
});
document.addEventListener("keydown", (event) => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.key !== "/") return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.getElementById("q");
  if (field) { event.preventDefault(); field.focus(); }
});
