/* 写稿: two copies of what is typed, one in this browser and one on the server, and only the server's word counts as kept. */
import { block, command, insert, keys, paint } from "./field.js";

const form = document.getElementById("studio"), area = document.getElementById("f-text"), saved = document.getElementById("saved");
const words = JSON.parse(form.dataset.words), place = `xuanfa-draft ${form.dataset.who} ${form.dataset.slug}`;
const fields = () => [...form.querySelectorAll("textarea[name], input.in[name], select[name]")];
const values = () => Object.fromEntries(fields().map((each) => [each.name, each.value]));
const hidden = (name) => form.querySelector(`input[name=${name}]`);
const layer = document.createElement("pre");
layer.className = "source layer";
layer.setAttribute("aria-hidden", "true");
area.parentNode.insertBefore(layer, area);
area.parentNode.classList.add("painted");
let due = 0;
let sequence = Number(hidden("sequence").value), kept = JSON.stringify(values()), busy = false, timer = 0, first = 0, tries = 0, leaving = false;

function say(text, good) { saved.textContent = text; saved.classList.toggle("bad", !good); }
function remember() {
  try { localStorage.setItem(place, JSON.stringify({ values: values(), at: Date.now(), base: hidden("base").value })); } catch (error) { say(words.full, false); }
}
function forget() { try { localStorage.removeItem(place); } catch (error) { /* there is none */ } }

async function keep(quiet) {
  clearTimeout(timer);
  const now = JSON.stringify(values());
  if (busy || now === kept || leaving) return;
  busy = true;
  first = 0;
  sequence += 1;
  if (!quiet) say(words.saving, true);
  try {
    const body = new URLSearchParams({ ...values(), csrf: hidden("csrf").value, base: hidden("base").value, sequence: String(sequence) });
    const answer = await fetch(`/posts/${encodeURIComponent(form.dataset.slug)}/draft`, { method: "PUT", body, headers: { accept: "application/json" }, keepalive: quiet === true && String(body).length < 60000 });
    if (answer.ok) {
      const told = await answer.json();
      kept = now;
      tries = 0;
      hidden("sequence").value = String(told.sequence);
      if (JSON.stringify(values()) === now) forget();
      say(`${words.saved} ${told.saved_at}`, true);
    } else if (answer.status === 409) { say((await answer.json()).detail, false); leaving = true; }
    else if (answer.status === 401 || answer.status === 403) { ended(); }
    else { again(); }
  } catch (error) { again(); }
  busy = false;
  if (JSON.stringify(values()) !== kept && !leaving) later();
}
/* The server is away: the words stay here, and it is asked again. */
function again() {
  tries += 1;
  const now = new Date();
  say(words.away.replace("{when}", `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`), false);
  clearTimeout(timer);
  timer = setTimeout(keep, Math.min(1500 * tries, 15000));
}
function ended() {
  const dialog = document.getElementById("d-ended");
  if (!dialog.open) dialog.showModal();
  say(words.ended, false);
}
function later() {
  first = first || Date.now();
  clearTimeout(timer);
  timer = setTimeout(keep, Date.now() - first > 8500 ? 0 : 1500);
}
function counted() {
  document.getElementById("text-count").textContent = String(area.value.replace(/\s/g, "").length);
  const title = document.getElementById("f-title");
  if (title) document.getElementById("title-count").textContent = words.title.replace("{n}", String(title.value.length));
  fields().filter((each) => each.matches(".t1, .sum")).forEach((each) => { each.style.height = "auto"; each.style.height = `${each.scrollHeight}px`; });
}
function changed() { remember(); counted(); paint(area, layer); if (!tries) later(); soon(); }
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => { clearTimeout(timer); clearTimeout(due); leaving = true; remember(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
window.addEventListener("pagehide", () => { if (!leaving) keep(true); });
window.addEventListener("resize", () => paint(area, layer));

/* What did not arrive the last time is offered, and never written over anything by itself. */
(function returning() {
  let there = null;
  try { there = JSON.parse(localStorage.getItem(place) || "null"); } catch (error) { there = null; }
  if (!there) return;
  if (new URLSearchParams(location.search).has("saved") || JSON.stringify(there.values) === kept || Date.now() - there.at > 7 * 864e5) return forget();
  const strip = document.getElementById("returning"), when = new Date(there.at);
  strip.querySelector("p").textContent = words.returning
    .replace("{when}", `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`)
    .replace("{n}", String((there.values.text || "").replace(/\s/g, "").length));
  strip.hidden = false;
  document.getElementById("use").addEventListener("click", () => {
    fields().forEach((each) => { if (each.name in there.values) each.value = there.values[each.name]; });
    strip.hidden = true;
    changed();
  });
  document.getElementById("leave").addEventListener("click", () => { strip.hidden = true; forget(); });
}());
document.getElementById("again").addEventListener("click", async () => {
  const page = await fetch(location.pathname, { headers: { accept: "text/html" } });
  const found = page.url.includes("/sign-in") ? null : new DOMParser().parseFromString(await page.text(), "text/html").getElementById("studio");
  if (!found || found.dataset.who !== form.dataset.who) return;
  ["csrf", "intent"].forEach((name) => { hidden(name).value = found.querySelector(`input[name=${name}]`).value; });
  document.getElementById("d-ended").close();
  keep();
});

/* The tools. A dialog remembers where the caret was. */
let from = 0, to = 0;
function open(name) {
  from = area.selectionStart;
  to = area.selectionEnd;
  const dialog = document.getElementById(`d-${name}`);
  if (name === "link") dialog.querySelector("[data-of=words]").value = area.value.slice(from, to);
  dialog.showModal();
}
document.querySelectorAll("[data-command]").forEach((button) => button.addEventListener("click", () => command(area, button.dataset.command)));
document.querySelectorAll("[data-open]").forEach((button) => button.addEventListener("click", () => open(button.dataset.open)));
document.querySelectorAll("dialog [data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));
keys(area, open);
const value = (dialog, name) => dialog.querySelector(`[data-of=${name}]`).value.trim();
const on = (name, act) => document.querySelector(`#d-${name} [data-do]`).addEventListener("click", () => act(document.getElementById(`d-${name}`)));
on("link", (dialog) => {
  const address = value(dialog, "address");
  if (!/^(https?:\/\/|mailto:)\S+$/.test(address)) { dialog.querySelector(".fault").hidden = false; return; }
  dialog.close();
  insert(area, `[${(value(dialog, "words") || address).replace(/[[\]]/g, "")}](${address.replace(/[()\s]/g, encodeURIComponent)})`, from, to);
});
const grid = document.getElementById("grid");
function draw() {
  const dialog = document.getElementById("d-table"), rows = Math.min(Number(value(dialog, "rows")) || 1, 30), columns = Math.min(Number(value(dialog, "columns")) || 1, 10);
  const before = [...grid.rows].map((row) => [...row.cells].map((cell) => cell.firstChild.value));
  grid.textContent = "";
  for (let r = 0; r < rows; r += 1) {
    const row = grid.insertRow();
    for (let c = 0; c < columns; c += 1) {
      const input = document.createElement("input");
      input.className = "in";
      input.setAttribute("aria-label", words.cell.replace("{r}", String(r + 1)).replace("{c}", String(c + 1)));
      input.value = (before[r] || [])[c] || "";
      row.insertCell().appendChild(input);
    }
  }
}
document.querySelectorAll("#d-table [data-of]").forEach((each) => each.addEventListener("input", draw));
draw();
on("table", (dialog) => {
  const rows = [...grid.rows].map((row) => [...row.cells].map((cell) => cell.firstChild.value.trim().replace(/\|/g, "\\|") || " "));
  dialog.close();
  area.setSelectionRange(to, to);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  block(area, [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n"));
  grid.textContent = "";
  draw();
});
async function upload(file) {
  const body = new FormData();
  body.append("csrf", hidden("csrf").value);
  body.append("picture", file, file.name);
  const answer = await fetch(`/posts/${encodeURIComponent(form.dataset.slug)}/pictures`, { method: "POST", body, headers: { accept: "application/json" } });
  const told = (answer.headers.get("content-type") || "").startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(told.detail || words.refused.replace("{n}", String(Math.round(file.size / 1e6))));
  return told.name;
}
on("picture", async (dialog) => {
  const fault = dialog.querySelector(".fault"), button = dialog.querySelector("[data-do]"), input = dialog.querySelector("input[type=file]"), file = input.dropped || input.files[0];
  fault.hidden = true;
  if (!file || !value(dialog, "alt")) { fault.textContent = words.picture; fault.hidden = false; return; }
  button.setAttribute("aria-busy", "true");
  try {
    const name = await upload(file), caption = value(dialog, "caption").replace(/"/g, "”");
    dialog.close();
    area.setSelectionRange(to, to);
    block(area, `![${value(dialog, "alt").replace(/[[\]]/g, "")}](${name}${caption ? ` "${caption}"` : ""})`);
    dialog.querySelectorAll("input").forEach((each) => { each.value = ""; });
    input.dropped = null;
  } catch (error) { fault.textContent = error.message; fault.hidden = false; }
  button.removeAttribute("aria-busy");
});
document.querySelector("#d-picture input[type=file]").addEventListener("change", (event) => { event.target.dropped = null; });

/* Paste keeps structure; plain text at once where the server takes its time. Ctrl+Shift+V is always plain: browsers send no HTML then. */
area.addEventListener("paste", async (event) => {
  const data = event.clipboardData, html = data.getData("text/html"), plain = data.getData("text/plain");
  const picture = [...data.files].find((file) => file.type.startsWith("image/"));
  if (picture && !html) { event.preventDefault(); dropped(picture); return; }
  if (!html || html.length > 5e6) return;
  event.preventDefault();
  const stop = new AbortController(), wait = setTimeout(() => stop.abort(), 400);
  let text = plain;
  try {
    const answer = await fetch("/posts/convert", { method: "POST", body: new URLSearchParams({ html, csrf: hidden("csrf").value }), headers: { accept: "application/json" }, signal: stop.signal });
    if (answer.ok) { const told = await answer.json(); text = told.text || plain; if (told.told) say(told.told, true); }
  } catch (error) { /* plain, then */ }
  clearTimeout(wait);
  insert(area, text);
});
function dropped(file) {
  if (/\.hei[cf]$/i.test(file.name)) { say(words.heic, false); return; }
  const dialog = document.getElementById("d-picture");
  open("picture");
  dialog.querySelector("input[type=file]").dropped = file;
  dialog.querySelector("[data-of=alt]").focus();
}
area.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
area.addEventListener("drop", (event) => {
  const file = event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  if (file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name)) dropped(file);
  else say(/\.docx$/i.test(file.name) ? words.docx : words.doc, false);
});
counted();
paint(area, layer);
if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => paint(area, layer));

/* 看 and 问题: 250 ms after the last key, one request in flight, and the newest wins. */
const frame = document.getElementById("frame"), list = document.getElementById("remarks"), found = document.getElementById("found");
let looking = false, seen = "";
function soon() { clearTimeout(due); due = setTimeout(look, 250); }
async function look() {
  if (looking) { soon(); return; }
  looking = true;
  const now = JSON.stringify(values());
  try {
    const body = new URLSearchParams({ ...values(), csrf: hidden("csrf").value, base: hidden("base").value, see: frame ? frame.dataset.channel : "", digest: seen });
    const answer = await fetch(`/posts/${encodeURIComponent(form.dataset.slug)}/sketch`, { method: "POST", body, headers: { accept: "application/json" } });
    if (answer.ok && now === JSON.stringify(values())) show(await answer.json());
  } catch (error) { /* kept words matter, and those are told of above */ }
  looking = false;
  if (now !== JSON.stringify(values())) soon();
}
function show(told) {
  if (!told.channels || leaving) return;
  told.channels.forEach((each) => {
    const dot = document.querySelector(`.see [data-channel="${each.id}"] .dot`);
    if (dot) dot.className = `dot ${each.mark}`;
  });
  if (told.page && frame) exchange(told.page);
  seen = told.digest;
  found.textContent = String(told.remarks.length);
  found.classList.toggle("hot", told.remarks.length > 0);
  list.textContent = "";
  told.remarks.forEach((each) => list.appendChild(remark(each)));
}
/* What stands in the frame is exchanged in its place: it stays where it was scrolled to, and nothing in it runs. */
function exchange(text) {
  const page = frame.contentDocument;
  if (!page || !page.body) return;
  const fresh = page.implementation.createHTMLDocument("");   /* by the frame's rules, which allow styles */
  fresh.documentElement.innerHTML = text;
  page.head.querySelectorAll("style").forEach((each) => each.remove());
  fresh.querySelectorAll("style").forEach((each) => page.head.appendChild(page.importNode(each, true)));
  page.body.className = fresh.body.className;
  page.body.innerHTML = fresh.body.innerHTML;
}
function made(name, className, text) {
  const each = document.createElement(name);
  each.className = className;
  each.textContent = text;
  return each;
}
function remark(each) {
  const item = document.createElement("li"), head = document.createElement("h3");
  head.append(made("span", `sev ${{ veto: "veto", severe: "grave" }[each.level] || "plain"}`, each.label), made("span", "", each.where));
  item.append(head, made("p", "", each.message));
  if (each.mend) {
    const words2 = document.createElement("p"), row = made("p", "row", ""), button = made("button", "b small", words.mend);
    words2.append(made("span", "was", each.text), " → ", made("span", "be", each.suggestion));
    button.type = "button";
    button.addEventListener("click", () => {
      if (area.value.slice(each.at, each.at + each.length) !== each.text) { soon(); return; }
      insert(area, each.suggestion, each.at, each.at + each.length);
    });
    row.append(button);
    item.append(words2, row);
  }
  if (each.basis) item.append(made("p", "tiny quiet", each.basis));
  return item;
}
document.querySelectorAll(".see [data-channel]").forEach((tab) => tab.matches("a") && tab.addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelectorAll(".see a[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
  tab.setAttribute("aria-current", "true");
  frame.dataset.channel = tab.dataset.channel;
  seen = "";
  frame.addEventListener("load", () => look(), { once: true });
  frame.src = `/posts/${encodeURIComponent(form.dataset.slug)}/preview/${encodeURIComponent(tab.dataset.channel)}`;
}));
