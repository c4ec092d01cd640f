/* What has moved is said by the server; the blocks that show it are fetched anew from the page's own address. A block that holds the focus, an
   open answer or words that were typed is not touched: a strip offers to look. Without a stream, every minute. */
const HIDDEN_MS = 60000, POLL_MS = 60000, SETTLE_MS = 250;
const en = document.documentElement.lang === "en";
let source = null, hidden = 0, poll = 0, pending = new Set(), timer = 0;

const blocks = () => Array.from(document.querySelectorAll("[data-part]"));
function concerns(block, word) {
  const named = (block.dataset.live || "").split(" ");
  return word === "desk" || named.includes(word) || named.includes(word.split(":")[0]);
}
function busy(block) {
  if (block.contains(document.activeElement) && document.activeElement !== document.body) return true;
  if (block.querySelector("details[open], [aria-busy=true], .held")) return true;
  return Array.from(block.querySelectorAll("input, textarea")).some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.type !== "hidden" && field.value !== field.defaultValue);
}
async function fetched(part) {
  const answer = await fetch(location.href, { headers: { "X-Part": part }, credentials: "same-origin" });
  return answer.ok ? answer.text() : null;
}
async function renew(block) {
  const text = await fetched(block.dataset.part);
  if (text === null || !block.isConnected) return;
  const made = document.createRange().createContextualFragment(text).querySelector(`[data-part="${block.dataset.part}"]`);
  if (!made) return;
  block.replaceWith(made);
  document.dispatchEvent(new CustomEvent("renewed", { detail: made }));
}
function strip(block) {
  if (block.querySelector(":scope > .strip-news")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "b small strip-news";
  button.textContent = en ? "Something has moved: look" : "有新情况，点这里更新";
  button.addEventListener("click", () => renew(block));
  block.prepend(button);
}
async function around() {
  const answer = await fetch(`/around?here=${encodeURIComponent(location.pathname)}`, { headers: { "X-Part": "around" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const made = document.createRange().createContextualFragment(await answer.text());
  ["bands", "engine"].forEach((name) => {
    const before = document.querySelector(`[data-around=${name}]`), after = made.querySelector(`[data-around=${name}]`);
    if (before && after && !before.contains(document.activeElement) && before.innerHTML !== after.innerHTML) before.innerHTML = after.innerHTML;
  });
}
function settle() {
  const words = pending;
  pending = new Set();
  const moved = blocks().filter((block) => Array.from(words).some((word) => concerns(block, word)));
  moved.forEach((block) => (busy(block) ? strip(block) : renew(block)));
  around();
}
function heard(word) {
  pending.add(word);
  clearTimeout(timer);
  timer = setTimeout(settle, SETTLE_MS);
}
/* A browser has six lines to one server, for all its pages: three of them may be streams, and the other pages ask every minute. A line is a lease, so
   that a page that ended without a word gives it back. */
const LINES = 3, LEASE_MS = 150000, BEAT_MS = 15000, me = String(Math.random()).slice(2);
let line = -1, beat = 0;
function lease() {
  try {
    for (let n = 0; n < LINES; n += 1) {
      const [who, at] = (localStorage.getItem(`xuanfa-line ${n}`) || "- 0").split(" ");
      if (who !== me && Math.abs(Date.now() - Number(at)) < LEASE_MS) continue;
      localStorage.setItem(`xuanfa-line ${n}`, `${me} ${Date.now()}`);
      return n;
    }
  } catch (error) { return LINES; }      /* nothing can be kept here: as if it were alone */
  return -1;
}
function open() {
  if (source || document.hidden || !window.EventSource) return;
  line = lease();
  if (line < 0) {
    if (!poll) poll = setInterval(() => { if (!document.hidden) { open(); heard("desk"); } }, POLL_MS);
    return;
  }
  beat = setInterval(() => { try { localStorage.setItem(`xuanfa-line ${line}`, `${me} ${Date.now()}`); } catch (error) { /* as if it were alone */ } }, BEAT_MS);
  source = new EventSource("/live");
  source.onmessage = (event) => heard(event.data);
  source.onopen = () => { clearInterval(poll); if (poll) heard("desk"); poll = 0; };
  source.onerror = () => {
    if (source && source.readyState === EventSource.CLOSED) close();
    if (!poll) poll = setInterval(() => { if (!document.hidden) heard("desk"); }, POLL_MS);
  };
}
function close() {
  if (source) source.close();
  source = null;
  clearInterval(beat);
  try { if (line >= 0) localStorage.removeItem(`xuanfa-line ${line}`); } catch (error) { /* it was never there */ }
  line = -1;
}
document.addEventListener("visibilitychange", () => {
  clearTimeout(hidden);
  if (document.hidden) hidden = setTimeout(close, HIDDEN_MS);
  else if (!source) { open(); heard("desk"); }
});
window.addEventListener("pagehide", close);
open();
