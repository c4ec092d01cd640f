/* Two copies of what is typed, one in this browser and one on the server, and only the server's word counts as kept. Each page has a copy of its
   own here, so that ten of them do not write over each other. */
import { halfTyped } from "./keys.js";

export const form = document.getElementById("studio"), words = JSON.parse(form.dataset.words);
const saved = document.getElementById("saved"), prefix = `xuanfa-draft ${form.dataset.who} ${form.dataset.slug} `;
const mine = prefix + String(Math.random()).slice(2);
const REST_MS = 600000, WITHIN_MS = 3000, WEEK_MS = 7 * 864e5;
const slug = encodeURIComponent(form.dataset.slug);

export const fields = () => Array.from(form.querySelectorAll("textarea[name], input.in[name], select[name], input[type=checkbox][name], input[name=shown]"));
export function values() {
  const found = {};
  fields().forEach((each) => {
    if (each.name === "shown") return;
    found[each.name] = each.type === "checkbox" ? (each.checked ? "1" : "") : each.value;
  });
  return found;
}
/* As the form would send it. */
export function body(more) {
  const sent = new URLSearchParams();
  Object.entries(values()).forEach(([name, value]) => { if (!name.startsWith("to:") || value) sent.append(name, value); });
  form.querySelectorAll("input[name=shown]").forEach((each) => sent.append("shown", each.value));
  Object.entries({ csrf: hidden("csrf").value, base: hidden("base").value, ...more }).forEach(([name, value]) => sent.append(name, value));
  return sent;
}
export const hidden = (name) => form.querySelector(`input[type=hidden][name=${name}]`);
export const post = (what, sent, more) => fetch(`/posts/${slug}/${what}`, { method: "POST", body: sent, headers: { accept: "application/json" }, ...more });

let sequence = Number(hidden("sequence").value), kept = JSON.stringify(values()), busy = false, timer = 0, first = 0, tries = 0, rests = 0, unwritten = false;
export const state = { leaving: false };

export function say(text, good) { saved.textContent = text; saved.classList.toggle("bad", !good); }
export function strip(id, text) {
  const each = document.getElementById(id);
  each.querySelector("p").textContent = text;
  each.hidden = !text;
}
function remember() {
  try {
    localStorage.setItem(mine, JSON.stringify({ values: values(), at: Date.now() }));
    unwritten = false;
  } catch (error) { unwritten = true; say(words.full, false); }
}
function forget(name) { try { localStorage.removeItem(name); } catch (error) { /* there is none */ } }
const clock = (when) => `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;

async function keep(quiet) {
  clearTimeout(timer);
  if (halfTyped() && !quiet) { later(); return; }
  const now = JSON.stringify(values());
  if (busy || now === kept || state.leaving) return;
  busy = true;
  first = 0;
  sequence += 1;
  if (!quiet && !tries) say(words.saving, true);
  try {
    const sent = body({ sequence: String(sequence) });
    const answer = await fetch(`/posts/${slug}/draft`, { method: "PUT", body: sent, headers: { accept: "application/json" }, keepalive: quiet === true && String(sent).length < 60000 });
    if (answer.ok) {
      const told = await answer.json();
      kept = now;
      tries = 0;
      strip("lost", "");
      hidden("sequence").value = String(told.sequence);
      if (JSON.stringify(values()) === now) forget(mine);
      say(`${words.saved} ${told.saved_at}${Number(form.dataset.revision) ? ` · ${words.revision.replace("{n}", form.dataset.revision)}` : ""}`, true);
    } else if (answer.status === 409) { say((await answer.json()).detail, false); state.leaving = true; }
    else if (answer.status === 401 || answer.status === 403) { ended(); }
    else { again(); }
  } catch (error) { again(); }
  busy = false;
  if (JSON.stringify(values()) !== kept && !state.leaving && !tries) later();
}
/* The server is away: the words stay here, and it is asked again. */
function again() {
  tries += 1;
  say(words.away.replace("{when}", clock(new Date())), false);
  if (tries > 2) strip("lost", words.lost.replace("{n}", String(tries)));
  clearTimeout(timer);
  timer = setTimeout(keep, Math.min(1500 * tries, 15000));
}
export function ended() {
  const dialog = document.getElementById("d-ended");
  if (!dialog.open) dialog.showModal();
  say(words.ended, false);
}
function later() {
  first = first || Date.now();
  clearTimeout(timer);
  timer = setTimeout(keep, Date.now() - first > 8500 ? 0 : 1500);
}
/* What was typed until now is on the server: what was under way has its answer, and the rest was sent. Not where the server is away. */
async function arrived() {
  const until = Date.now() + WITHIN_MS;
  let asked = 0;      /* who is signed out is told once, and not asked for ever */
  while (JSON.stringify(values()) !== kept && !halfTyped() && !tries && !state.leaving && asked < 3 && Date.now() < until) {
    if (busy) await new Promise((done) => setTimeout(done, 50));
    else { asked += 1; await keep(); }
    if (document.getElementById("d-ended").open) return;
  }
}
/* Other pages of this post show what the server has. They are opened when it has all of it. */
form.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]"), isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || !link.pathname.startsWith(`/posts/${slug}/`) || JSON.stringify(values()) === kept) return;
  event.preventDefault();
  await arrived();
  if (!document.getElementById("d-ended").open) location.href = link.href;
});
/* Something was typed, or a field was left that holds what the server has. */
export function typed() {
  if (!busy && JSON.stringify(values()) === kept) { forget(mine); return; }
  remember();
  if (!tries) later();
  clearTimeout(rests);
  rests = setTimeout(rest, REST_MS);
}
/* Ten minutes without a key: it becomes a revision where that costs nothing. */
async function rest() {
  if (state.leaving || halfTyped()) return;
  await keep();
  if (JSON.stringify(values()) !== kept) { rests = setTimeout(rest, 60000); return; }
  let told = null;
  try {
    const answer = await post("rest", new URLSearchParams({ csrf: hidden("csrf").value }));
    if (answer.status === 401) { ended(); return; }
    if (answer.ok) told = await answer.json();
  } catch (error) { told = null; }
  if (!told) { rests = setTimeout(rest, 60000); return; }
  strip("rested", told.why);
  if (!told.revision) return;
  hidden("base").value = told.base;
  sequence = told.sequence;
  hidden("sequence").value = String(told.sequence);
  form.dataset.revision = String(told.revision);
  say(`${words.saved} · ${words.revision.replace("{n}", String(told.revision))}`, true);
}

form.addEventListener("submit", () => {
  clearTimeout(timer);
  clearTimeout(rests);
  state.leaving = true;
  remember();
  try { sessionStorage.setItem("xuanfa-sent", mine); } catch (error) { /* what was saved is offered once more, then */ }
});
window.addEventListener("pageshow", (event) => { if (event.persisted) state.leaving = false; });
window.addEventListener("pagehide", () => { if (!state.leaving) keep(true); });
window.addEventListener("beforeunload", (event) => {
  if (!unwritten || state.leaving || JSON.stringify(values()) === kept) return;
  event.preventDefault();
  event.returnValue = "";
});
document.addEventListener("compositionend", () => { if (tries) remember(); });
document.addEventListener("session-over", ended);

/* What did not arrive the last time is offered, and never written over anything by itself. */
export function returning(use) {
  const found = [];
  try {
    /* What this page has saved a moment ago is not offered by the next one. */
    if (new URLSearchParams(location.search).has("saved")) forget(sessionStorage.getItem("xuanfa-sent"));
    sessionStorage.removeItem("xuanfa-sent");
    for (let n = 0; n < localStorage.length; n += 1) {
      const name = localStorage.key(n);
      if (!name.startsWith(prefix) || name === mine) continue;
      const there = JSON.parse(localStorage.getItem(name) || "null");
      if (there && there.values) found.push({ name, values: there.values, at: there.at });
    }
  } catch (error) { return; }
  found.sort((a, b) => b.at - a.at);
  const before = JSON.parse(kept);
  const bare = (value) => String(value).replace(/\s+$/, "");      /* what is saved ends with its last letter */
  const isKnown = (each) => Object.keys(each.values).every((name) => !(name in before) || bare(before[name]) === bare(each.values[name]));
  const fresh = found.filter((each) => !isKnown(each) && Date.now() - each.at < WEEK_MS);
  found.filter((each) => !fresh.includes(each)).forEach((each) => forget(each.name));
  offer(fresh, use);
}
function offer(fresh, use) {
  const each = fresh.shift(), place = document.getElementById("returning"), differs = document.getElementById("differs");
  place.hidden = !each;
  differs.textContent = "";
  if (!each) return;
  place.querySelector("p").textContent = words.returning
    .replace("{when}", clock(new Date(each.at)))
    .replace("{n}", String((each.values.text || "").replace(/\s/g, "").length));
  document.getElementById("use").onclick = () => {
    fields().forEach((field) => {
      if (!(field.name in each.values)) return;
      if (field.type === "checkbox") field.checked = each.values[field.name] === "1";
      else field.value = each.values[field.name];
    });
    use();
    forget(each.name);
    offer(fresh, use);
  };
  document.getElementById("leave").onclick = () => { forget(each.name); offer(fresh, use); };
  document.getElementById("differ").onclick = async () => {
    const sent = new URLSearchParams({ csrf: hidden("csrf").value, title: each.values.title || "", summary: each.values.summary || "", text: each.values.text || "" });
    try {
      const answer = await post("differing", sent);
      if (answer.status === 401) { ended(); return; }
      differs.innerHTML = answer.ok ? await answer.text() : "";
    } catch (error) { strip("lost", words.lost.replace("{n}", "1")); }
  };
}

/* Signed in again, in another page: what waited goes on by itself. */
async function goOn() {
  const dialog = document.getElementById("d-ended");
  if (!dialog.open) return;
  const page = await fetch(location.pathname, { headers: { accept: "text/html" } });
  const found = page.url.includes("/sign-in") ? null : new DOMParser().parseFromString(await page.text(), "text/html").getElementById("studio");
  if (!found || found.dataset.who !== form.dataset.who) return;
  ["csrf", "intent"].forEach((name) => { hidden(name).value = found.querySelector(`input[name=${name}]`).value; });
  dialog.close();
  tries = 0;
  keep();
}
document.getElementById("again").addEventListener("click", goOn);
window.addEventListener("focus", () => goOn().catch(() => { /* the server is away: the button is there */ }));
