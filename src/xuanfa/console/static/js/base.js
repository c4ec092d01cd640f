/* Every page: a button is pressed once, "/" goes to the search, and a strip says two minutes before that the sign-in ends. All of it works
   without this. */
import { composing } from "./keys.js";

document.addEventListener("submit", (event) => {
  const button = event.submitter || event.target.querySelector("button[type=submit]");
  if (!button || event.defaultPrevented) return;
  if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  button.setAttribute("aria-busy", "true");
  setTimeout(() => wait(button), 10000);
});
/* No answer for ten seconds: pressing once more does nothing, and that is said. */
function wait(button) {
  if (button.getAttribute("aria-busy") !== "true" || !button.isConnected) return;
  const said = document.createElement("p");
  said.className = "small slow";
  said.setAttribute("role", "status");
  said.textContent = document.documentElement.lang === "en" ? "No answer yet. Do not press again: what came of it is shown here." : "还没有回音。不用再按，结果会在这里出现。";
  button.insertAdjacentElement("afterend", said);
}
/* Back from the page that answered: the buttons are buttons again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[aria-busy=true]").forEach((each) => each.removeAttribute("aria-busy"));
  document.querySelectorAll(".slow").forEach((each) => each.remove());
});
document.addEventListener("keydown", (event) => {
  if (composing(event)) {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]") || !keysAreOn()) return;
  const act = PRESSED[event.key] || PRESSED[event.key.toLowerCase()];
  const place = leading && GO[event.key.toLowerCase()];
  leading = false;
  if (place) { event.preventDefault(); location.assign(place); return; }
  if (act && act()) event.preventDefault();
});
/* Single letters, which may be switched off (我的): the list of them is a page, for whoever presses "?". */
const GO = { p: "/posts", s: "/calendar", r: "/reviews", d: "/deliveries", c: "/counts" };
let leading = false;
function keysAreOn() { try { return localStorage.getItem("xuanfa-keys") !== "off"; } catch (error) { return true; } }
function step(by) {
  const rows = Array.from(document.querySelectorAll("main tr a.name, main .list > li a.name, main .list > li h3 a, main .todo a.b"));
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement), to = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  to.focus();
  to.scrollIntoView({ block: "nearest" });
  return true;
}
const PRESSED = {
  "/": () => { const field = document.getElementById("q"); if (field) field.focus(); return Boolean(field); },
  "?": () => { location.assign("/keys"); return true; },
  j: () => step(1),
  k: () => step(-1),
  n: () => {
    const button = document.querySelector("[data-key=n]");
    if (button) button.click(); else location.assign("/posts#new");
    return true;
  },
  g: () => { leading = true; setTimeout(() => { leading = false; }, 1500); return true; },
};
document.querySelectorAll("input[data-keys]").forEach((box) => {
  box.checked = keysAreOn();
  box.disabled = false;
  box.addEventListener("change", () => { try { localStorage.setItem("xuanfa-keys", box.checked ? "on" : "off"); } catch (error) { box.checked = true; } });
});

/* By spans and not by the browser's clock, which may be a day off; and the server is asked, since another page may have been used meanwhile. */
const strip = document.getElementById("ending"), BEFORE = 120;
let bell = 0;
function ring(left) {
  clearTimeout(bell);
  bell = setTimeout(look, Math.max(left - BEFORE, 1) * 1000);
}
async function look() {
  let told = null;
  try {
    const answer = await fetch("/session", { headers: { "X-Part": "session", accept: "application/json" } });
    if (answer.status === 401) { over(); return; }
    if (answer.ok) told = await answer.json();
  } catch (error) { /* the server is away: it is asked again */ }
  if (!told) { bell = setTimeout(look, 15000); return; }
  if (told.left > BEFORE + 2) { strip.hidden = true; ring(told.left); return; }
  const words = strip.querySelector("p");
  words.textContent = (told.last ? words.dataset.last : words.dataset.soon).replace("{at}", told.at);
  document.getElementById("stay").hidden = told.last;
  strip.hidden = false;
  bell = setTimeout(look, Math.min(Math.max(told.left, 1), 30) * 1000);
}
function over() {
  const words = strip.querySelector("p");
  words.textContent = words.dataset.over;
  document.getElementById("stay").hidden = true;
  document.getElementById("in-again").hidden = false;
  strip.hidden = false;
  document.dispatchEvent(new CustomEvent("session-over"));
}
if (strip) {
  ring(Number(document.body.dataset.left));
  document.getElementById("stay").addEventListener("click", async () => {
    try {
      const answer = await fetch("/session", { headers: { accept: "application/json" } });
      if (answer.redirected || !answer.ok) { over(); return; }
      strip.hidden = true;
      ring((await answer.json()).left);
    } catch (error) { bell = setTimeout(look, 5000); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !strip.hidden) look(); });
}
