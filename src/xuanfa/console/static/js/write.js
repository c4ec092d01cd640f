/* 写稿: the panes, the tools, what each channel gets, and what was found. */
import { composing, halfTyped } from "./keys.js";
import { block, command, insert, keys, paint, shifted, wave } from "./field.js";
import { body, ended, fields, form, hidden, post, returning, say, state, strip, typed, values, words } from "./keep.js";
import { sendInParts } from "./upload.js";

const area = document.getElementById("f-text"), box = area.parentNode, slug = encodeURIComponent(form.dataset.slug);
const PICTURE_MAX = 20e6;
function behind(name) {
  const layer = document.createElement("pre");
  layer.className = `source layer ${name}`;
  layer.setAttribute("aria-hidden", "true");
  layer.tabIndex = -1;          /* its style makes it a place to type in, so that no key may come to it */
  layer.spellcheck = false;
  box.insertBefore(layer, area);
  return layer;
}
const waves = behind("waves"), layer = behind("letters");
box.classList.add("painted");
let due = 0, found = [], now = null, before = area.value;

function drawn() {
  paint(area, layer);
  wave(area, waves, found, now);
}
function counted() {
  document.getElementById("text-count").textContent = String(area.value.replace(/\s/g, "").length);
  const title = document.getElementById("f-title");
  if (title) {
    const name = title.value.trim() || words.untitled;
    document.getElementById("title-count").textContent = words.title.replace("{n}", String(title.value.length));
    document.getElementById("name").textContent = name;
    document.title = name + document.title.slice(document.title.lastIndexOf(" · "));
  }
  fields().filter((each) => each.matches(".t1, .sum")).forEach((each) => { each.style.height = "auto"; each.style.height = `${each.scrollHeight}px`; });
}
function offs() {
  document.querySelectorAll("fieldset.own").forEach((each) => {
    const has = Array.from(each.querySelectorAll("details input, details textarea")).some((field) => field.value.trim());
    each.classList.toggle("off-now", has && !each.querySelector("input[type=checkbox]").checked);
  });
}
function changed() {
  found = shifted(found, before, area.value);
  before = area.value;
  counted();
  drawn();
  if (halfTyped()) return;      /* half a syllable is seen, and not kept */
  typed();
  soon();
}
form.addEventListener("input", changed);
form.addEventListener("change", () => { offs(); changed(); });
document.addEventListener("compositionend", (event) => { if (form.contains(event.target)) setTimeout(changed); });
window.addEventListener("resize", drawn);

/* ── panes: tabs on the right, a drawer where there is no room, one at a time on a phone ── */
const mind = document.getElementById("mind"), bar = document.getElementById("bar");
document.body.classList.add("scripted");
document.querySelectorAll(".drawer-keys").forEach((each) => { each.hidden = false; });
function turn(name, asked) {
  const page = name === "head" && matchMedia("(max-width: 40rem)").matches ? ["head", "own"] : [name];
  mind.querySelectorAll(".leaf").forEach((each) => each.classList.toggle("now", page.includes(each.id)));
  document.querySelectorAll("#minds a").forEach((each) => {
    if (each.hash === `#${name}`) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
  });
  if (asked) mind.classList.add("open");
}
function pane(name) {
  document.body.dataset.pane = { findings: "mind", head: "mind", own: "mind", revisions: "mind" }[name] || name;
  bar.querySelectorAll("a").forEach((each) => {
    const is = each.hash === `#${name}`;
    each.classList.toggle("on", is);
    if (is) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
  });
  if (document.body.dataset.pane === "mind") turn(name, true);
  if (name === "write") drawn();
  window.scrollTo(0, 0);
}
mind.querySelectorAll("#minds a").forEach((each) => each.addEventListener("click", (event) => { event.preventDefault(); turn(each.hash.slice(1), false); }));
document.querySelectorAll(".drawer-keys a").forEach((each) => each.addEventListener("click", (event) => { event.preventDefault(); turn(each.hash.slice(1), true); document.getElementById("shut").focus(); }));
bar.querySelectorAll("a").forEach((each) => each.addEventListener("click", (event) => { event.preventDefault(); pane(each.hash.slice(1)); }));
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !composing(event)) mind.classList.remove("open"); });
document.getElementById("shut").addEventListener("click", () => { mind.classList.remove("open"); area.focus(); });
turn(["head", "own", "revisions"].includes(location.hash.slice(1)) && document.querySelector(location.hash) ? location.hash.slice(1) : "findings", false);
document.body.dataset.pane = "write";

/* 渠道: those of the column, as soon as it is another one. */
const column = document.getElementById("f-column");
if (column) column.addEventListener("change", () => {
  document.querySelectorAll("fieldset.own").forEach((each) => {
    each.hidden = !each.dataset.own && !each.dataset.columns.split(" ").includes(column.value);
  });
});

/* ── the tools. A dialog remembers where the caret was ── */
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
on("note", (dialog) => {
  const text = value(dialog, "words").replace(/--+>?/g, "—");
  dialog.close();
  area.setSelectionRange(to, to);
  if (text) block(area, `<!-- ${text} -->`);
  dialog.querySelector("[data-of=words]").value = "";
});
const grid = document.getElementById("grid");
function draw() {
  const dialog = document.getElementById("d-table"), rows = Math.min(Number(value(dialog, "rows")) || 1, 30), columns = Math.min(Number(value(dialog, "columns")) || 1, 10);
  const cells = [...grid.rows].map((row) => [...row.cells].map((cell) => cell.firstChild.value));
  grid.textContent = "";
  for (let r = 0; r < rows; r += 1) {
    const row = grid.insertRow();
    for (let c = 0; c < columns; c += 1) {
      const input = document.createElement("input");
      input.className = "in";
      input.setAttribute("aria-label", words.cell.replace("{r}", String(r + 1)).replace("{c}", String(c + 1)));
      input.value = (cells[r] || [])[c] || "";
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

/* ── pictures: looked at before anything is sent, then in parts ── */
const mega = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0).replace(/\.0$/, "");
function unfit(file) {
  if (/\.hei[cf]$/i.test(file.name)) return words.heic;
  return file.size > PICTURE_MAX ? words.refused.replace("{n}", mega(file.size)).replace("{m}", mega(PICTURE_MAX)) : "";
}
async function upload(file, told) {
  const name = await sendInParts(file, () => hidden("csrf").value, (have, tries) => {
    told.textContent = tries
      ? words.resend.replace("{n}", String(tries)).replace("{m}", mega(have))
      : words.sent.replace("{n}", mega(have)).replace("{m}", mega(file.size));
  }, words);
  const answer = await post("pictures", new URLSearchParams({ csrf: hidden("csrf").value, upload: name, "upload-name": file.name }));
  const isJson = (answer.headers.get("content-type") || "").startsWith("application/json"), back = isJson ? await answer.json() : {};
  if (!answer.ok) throw new Error(back.detail || words.failed);
  return back.name;
}
on("picture", async (dialog) => {
  const fault = dialog.querySelector(".fault"), told = dialog.querySelector("[data-sent]"), button = dialog.querySelector("[data-do]");
  const input = dialog.querySelector("input[type=file]"), file = input.dropped || input.files[0];
  if (button.getAttribute("aria-busy") === "true") return;
  const wrong = !file || !value(dialog, "alt") ? words.picture : unfit(file);
  fault.textContent = wrong;
  fault.hidden = !wrong;
  if (wrong) return;
  button.setAttribute("aria-busy", "true");
  try {
    const name = await upload(file, told), caption = value(dialog, "caption").replace(/"/g, "”");
    dialog.close();
    area.setSelectionRange(to, to);
    block(area, `![${value(dialog, "alt").replace(/[[\]]/g, "")}](${name}${caption ? ` "${caption}"` : ""})`);
    dialog.querySelectorAll("input").forEach((each) => { each.value = ""; });
    input.dropped = null;
  } catch (error) { fault.textContent = error.message; fault.hidden = false; }
  told.textContent = "";
  button.removeAttribute("aria-busy");
});
document.querySelector("#d-picture input[type=file]").addEventListener("change", (event) => {
  event.target.dropped = null;
  const fault = document.querySelector("#d-picture .fault"), wrong = event.target.files[0] ? unfit(event.target.files[0]) : "";
  fault.textContent = wrong;
  fault.hidden = !wrong;
});

/* Paste keeps structure. Where the server takes its time, plain text stands there at once, and gets its structure when that has come, or it is told that
   it did not. Ctrl+Shift+V is always plain: browsers send no HTML then. */
async function converted(html) {
  const stop = new AbortController(), wait = setTimeout(() => stop.abort(), 10000);
  try {
    const answer = await fetch("/posts/convert", { method: "POST", body: new URLSearchParams({ html, csrf: hidden("csrf").value }), headers: { accept: "application/json" }, signal: stop.signal });
    return answer.ok ? await answer.json() : null;
  } catch (error) { return null; } finally { clearTimeout(wait); }
}
/* What has a shape of its own stands on lines of its own, wherever the caret is. */
const SHAPED = /^\s*(#{1,6} |[-+>|]|\d+[.)] |```|<\/?table|\{\.|\[\^)/;
function apart(text, begin, end) {
  const before = area.value.slice(0, begin), after = area.value.slice(end), all = text.split("\n");
  const lead = !before || before.endsWith("\n\n") || !SHAPED.test(all[0]) ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  return lead + text + (!after || after.startsWith("\n") || !SHAPED.test(all[all.length - 1]) ? "" : "\n\n");
}
const still = () => new Promise((done) => { (function look() { if (halfTyped()) setTimeout(look, 100); else done(); })(); });
area.addEventListener("paste", async (event) => {
  const data = event.clipboardData, html = data.getData("text/html"), plain = data.getData("text/plain").replace(/\r\n?/g, "\n");
  const picture = [...data.files].find((file) => file.type.startsWith("image/"));
  if (picture && !html) { event.preventDefault(); dropped(picture); return; }
  if (!html || html.length > 5e6) return;
  event.preventDefault();
  const asked = converted(html), first = await Promise.race([asked, new Promise((done) => { setTimeout(done, 400); })]);
  if (first && picture && !first.text) { dropped(picture); return; }
  if (first) { insert(area, first.text ? apart(first.text, area.selectionStart, area.selectionEnd) : plain); news(first.told); return; }
  const lead = area.value.slice(0, area.selectionStart), at = lead.length;
  insert(area, plain);
  const late = await asked;
  await still();
  if (!late || !late.text) { news(words.plain); return; }
  if (late.text === plain) return;
  if (area.value.slice(0, at + plain.length) !== lead + plain) { news(words.plain); return; }
  const back = area.selectionStart - at - plain.length, shaped = apart(late.text, at, at + plain.length);
  insert(area, shaped, at, at + plain.length);
  if (back > 0) area.setSelectionRange(at + shaped.length + back, at + shaped.length + back);
  news(late.told);
});
const pasted = document.getElementById("pasted");
function news(text) { if (text) strip("pasted", text); else pasted.hidden = true; }
pasted.querySelector("button").addEventListener("click", () => { pasted.hidden = true; area.focus(); });
function dropped(file) {
  const wrong = unfit(file);
  if (wrong) { say(wrong, false); return; }
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

/* ── 看 and 问题: 250 ms after the last key, one request in flight, and the newest wins ── */
const frame = document.getElementById("frame"), list = document.getElementById("remarks");
let looking = false, seen = "";
function soon() { clearTimeout(due); due = setTimeout(look, 250); }
async function look() {
  if (looking) { soon(); return; }
  if (state.leaving) return;
  looking = true;
  const asked = JSON.stringify(values()), text = area.value;
  try {
    const answer = await post("sketch", body({ see: frame ? frame.dataset.channel : "", digest: seen }));
    if (answer.status === 401) ended();
    else if (answer.ok && asked === JSON.stringify(values())) show(await answer.json(), text);
  } catch (error) { /* kept words matter, and those are told of above */ }
  looking = false;
  if (asked !== JSON.stringify(values())) soon();
}
function show(told, text) {
  if (!told.channels || state.leaving) return;
  const lengths = document.getElementById("lengths");
  lengths.textContent = "";
  told.channels.forEach((each) => {
    const dot = document.querySelector(`.see [data-channel="${each.id}"] .dot`), own = document.querySelector(`[data-lengths="${each.id}"]`);
    if (dot) dot.className = `dot ${each.mark}`;
    if (own) own.textContent = each.lengths.map((length) => length.own).join("　");
    each.lengths.forEach((length) => lengths.append(made("span", `count ${length.mark}`, length.words)));
  });
  if (told.page && frame) exchange(told.page);
  seen = told.digest;
  document.querySelectorAll("[data-found]").forEach((each) => {
    each.textContent = String(told.remarks.length);
    each.classList.toggle("hot", told.remarks.length > 0);
  });
  document.getElementById("no-findings").hidden = told.remarks.length > 0;
  list.textContent = "";
  const all = told.remarks.map((each) => ({ ...each, ...place(text, each.at, each.length) }));
  all.forEach((each) => list.appendChild(remark(each)));
  found = shifted(all.filter((each) => each.length).sort((a, b) => a.at - b.at), text, area.value);
  before = area.value;
  now = null;
  drawn();
}
/* The server counts characters, the browser half of those that lie beyond the first 65,536. */
function place(text, at, length) {
  if (!/[\ud800-\udbff]/.test(text)) return { at, length };
  const letters = Array.from(text), start = letters.slice(0, at).join("").length;
  return { at: start, length: letters.slice(at, at + length).join("").length };
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
  item.dataset.key = key(each);
  item.tabIndex = -1;
  head.append(made("span", `sev ${{ veto: "veto", severe: "grave" }[each.level] || "plain"}`, each.label), made("span", "", each.where));
  item.append(head, made("p", "", each.message));
  if (each.mend) {
    const both = document.createElement("p"), row = made("p", "row", ""), button = made("button", "b small", words.mend);
    both.append(made("span", "was", each.text), " → ", made("span", "be", each.suggestion));
    button.type = "button";
    button.addEventListener("click", () => {
      const there = found.find((other) => key(other) === key(each));
      if (!there || area.value.slice(there.at, there.at + there.length) !== each.text) { soon(); return; }
      insert(area, each.suggestion, there.at, there.at + there.length);
    });
    row.append(button);
    item.append(both, row);
  }
  if (each.basis) item.append(made("p", "tiny quiet", each.basis));
  if (each.length) item.addEventListener("click", (event) => { if (!event.target.closest("button")) go(found.find((other) => key(other) === key(each)), false); });
  return item;
}
const key = (each) => `${each.level} ${each.message} ${each.where}`;

/* F8 and Shift+F8: one finding after the other, in the text where it stands there. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (!found.length) { const first = list.querySelector("li"); if (first) card(first); tell(first ? first.textContent : words.none); return; }
  const at = area.selectionStart, back = event.shiftKey;
  const next = back ? [...found].reverse().find((each) => each.at < at) || found[found.length - 1]
    : found.find((each) => each.at > at || (each.at === at && each !== now)) || found[0];
  go(next, true);
});
function go(each, asked) {
  if (!each) return;
  now = each;
  if (asked && document.body.dataset.pane === "mind" && matchMedia("(max-width: 40rem)").matches) pane("write");
  drawn();
  area.focus({ preventScroll: true });
  area.setSelectionRange(each.at, each.at + each.length);
  const line = waves.querySelector(".wave.now");
  if (line) line.scrollIntoView({ block: "center" });
  turn("findings", false);
  const item = Array.from(list.children).find((other) => other.dataset.key === key(each));
  if (item) card(item);
  tell(words.found.replace("{n}", String(found.indexOf(each) + 1)).replace("{m}", String(found.length)).replace("{words}", `${each.label}，${each.message}`));
}
function card(item) {
  list.querySelectorAll(".now").forEach((each) => each.classList.remove("now"));
  item.classList.add("now");
  const body2 = item.closest(".body"), top = item.offsetTop - body2.offsetTop;
  if (top < body2.scrollTop || top + item.offsetHeight > body2.scrollTop + body2.clientHeight) body2.scrollTop = top - 16;
}
function tell(text) { document.getElementById("finding-said").textContent = text; }

document.querySelectorAll(".see [data-channel]").forEach((tab) => tab.matches("a") && tab.addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelectorAll(".see a[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
  tab.setAttribute("aria-current", "true");
  frame.dataset.channel = tab.dataset.channel;
  seen = "";
  frame.addEventListener("load", () => look(), { once: true });
  frame.src = `/posts/${slug}/preview/${encodeURIComponent(tab.dataset.channel)}`;
}));

counted();
show(JSON.parse(form.dataset.sketch), area.value);
returning(changed);
if (document.fonts && document.fonts.ready) document.fonts.ready.then(drawn);
