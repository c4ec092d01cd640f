/* The field of the text: every mark has its button, Enter does the usual. All of it goes through insertText, so that one key takes it back.
   Behind its letters stand the same letters in colour, and behind those the wavy lines of what was found. */
import { composing } from "./keys.js";

export function insert(area, text, from = area.selectionStart, to = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(from, to);
  if (text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
const lineStart = (value, at) => value.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (value, at) => { const end = value.indexOf("\n", at); return end < 0 ? value.length : end; };
const MARK = /^(#{2,6} |[-*] |\d+[.、] |> )/;

/* Lines of the selection begin with a mark, or lose it. */
function lines(area, mark) {
  const value = area.value, from = lineStart(value, area.selectionStart), to = lineEnd(value, area.selectionEnd);
  const old = value.slice(from, to).split("\n");
  const has = old.every((line) => !line.trim() || (mark === "1. " ? /^\d+\. /.test(line) : line.startsWith(mark)));
  let n = 0;
  const fresh = old.map((line) => {
    const bare = line.replace(MARK, "");
    if (has && bare !== line) return bare;
    if (!line.trim() && old.length > 1) return line;
    n += 1;
    return (mark === "1. " ? `${n}. ` : mark) + bare;
  }).join("\n");
  const before = from > 0 && value[from - 2] !== "\n" && !MARK.test(value.slice(lineStart(value, from - 1), from - 1)) ? "\n" : "";
  insert(area, before + fresh, from, to);
  const at = area.selectionStart;
  area.setSelectionRange(at, at);
}
function bold(area) {
  const { selectionStart: from, selectionEnd: to, value } = area, words = value.slice(from, to);
  if (words.startsWith("**") && words.endsWith("**") && words.length > 4) insert(area, words.slice(2, -2), from, to);
  else if (value.slice(from - 2, from) === "**" && value.slice(to, to + 2) === "**") insert(area, words, from - 2, to + 2);
  else {
    const inner = words.trim(), lead = words.indexOf(inner);
    insert(area, inner ? `${words.slice(0, lead)}**${inner}**${words.slice(lead + inner.length)}` : "****", from, to);
    if (!inner) area.setSelectionRange(area.selectionStart - 2, area.selectionStart - 2);
  }
}
/* A block of its own: an empty line before and behind it. */
export function block(area, text) {
  const { value, selectionEnd: at } = area, end = lineEnd(value, at);
  const before = value.slice(0, end), lead = !before.trim() ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const rest = value.slice(end), tail = rest.startsWith("\n\n") ? "" : rest.startsWith("\n") ? "\n" : "\n\n";
  insert(area, lead + text + tail, end, end);
}
export function command(area, name) {
  if (name === "bold") bold(area);
  if (name === "heading") lines(area, "## ");
  if (name === "list") lines(area, "- ");
  if (name === "number") lines(area, "1. ");
  if (name === "quote") lines(area, "> ");
  if (name === "undo" || name === "redo") { area.focus(); document.execCommand(name); }
}
/* Enter: another item; a second time ends the list. Elsewhere a new paragraph, as in Word; Shift+Enter is a new line in it. */
function enter(event, area) {
  const { value, selectionStart: at, selectionEnd: to } = area, from = lineStart(value, at);
  const line = value.slice(from, at), item = /^(\s*)([-*] |(\d+)\. |> )(.*)$/.exec(line);
  event.preventDefault();
  if (item && !item[4].trim() && at === lineEnd(value, at)) return insert(area, "\n", from, to);
  if (item) return insert(area, `\n${item[1]}${item[3] ? `${Number(item[3]) + 1}. ` : item[2]}`);
  if (event.shiftKey || line.startsWith("|")) return insert(area, "\n");
  return insert(area, !line.trim() || value[to] === "\n" && value[to + 1] === "\n" ? "\n" : "\n\n");
}
export function keys(area, open) {
  area.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) return enter(event, area);
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const found = { b: "bold", B: "bold", 2: "heading", "*": "list", "&": "number" }[event.key];
    if (found) { event.preventDefault(); command(area, found); }
    if (event.key === "k") { event.preventDefault(); open("link"); }
  });
}
/* Where both are not of one height, the field shows its own letters. */
const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
function painted(line) {
  const heading = /^(#{2,6} )(.*)$/.exec(line);
  if (heading) return `<span class=m>${heading[1]}</span><span class=h>${safe(heading[2])}</span>`;
  if (/^!\[.*\]\(.*\)$/.test(line.trim())) return `<span class=pic>${safe(line)}</span>`;
  if (/^\s*<!--.*-->\s*$/.test(line)) return `<span class=c>${safe(line)}</span>`;
  return safe(line)
    .replace(/^(\s*(?:[-*]|\d+\.|&gt;|>) )/, "<span class=m>$1</span>")
    .replace(/(\*\*)([^*]+)(\*\*)/g, "<span class=m>$1</span><span class=s>$2</span><span class=m>$3</span>")
    .replace(/(\[)([^\]]*)(\]\([^)]*\))/g, "<span class=m>$1</span><span class=l>$2</span><span class=m>$3</span>");
}
const MOST = 200000;      /* characters that are painted: beyond, each key would wait for them, and the field shows its own letters */
export function paint(area, layer) {
  if (area.value.length > MOST) {
    layer.textContent = "";
    area.style.height = "";
    layer.parentNode.classList.add("plain");
    return;
  }
  layer.innerHTML = area.value.split("\n").map(painted).join("\n") + (/(^|\n)$/.test(area.value) ? "\u200b" : "");
  const page = area.closest(".page") || document.scrollingElement, top = page.scrollTop, y = window.scrollY;
  area.style.minHeight = "0";
  area.style.height = "0";      /* what the words need, not what the field has: else a short text looks as if it were laid out otherwise */
  const needs = area.scrollHeight;
  area.style.minHeight = "";
  area.style.height = `${Math.max(needs, 416)}px`;
  page.scrollTop = top;
  if (window.scrollY !== y) window.scrollTo(0, y);
  layer.parentNode.classList.toggle("plain", Math.abs(layer.offsetHeight - needs) > 2);
}

/* The wavy lines: the same letters once more, unseen, in which only what was found is marked. The margin has the level's first character. */
const HEAVY = ["veto", "severe", "minor", "hint"];
const CLASS = { veto: "veto", severe: "grave" };
export function wave(area, layer, found, now) {
  const value = area.value;
  if (value.length > MOST) { layer.textContent = ""; return; }
  let html = "", at = 0;
  found.forEach((each, number) => {
    if (each.at < at || each.at + each.length > value.length) return;
    const look = CLASS[each.level] || "plain";
    html += `${safe(value.slice(at, each.at))}<i class="gut ${look}" data-level="${HEAVY.indexOf(each.level)}">${safe(each.label.slice(0, 1))}</i><span class="wave ${look}${each === now ? " now" : ""}" data-number="${number}">${safe(value.slice(each.at, each.at + each.length))}</span>`;
    at = each.at + each.length;
  });
  layer.innerHTML = html + safe(value.slice(at)) + (/(^|\n)$/.test(value) ? "\u200b" : "");
  const rows = new Map();
  layer.querySelectorAll(".gut").forEach((mark) => {
    const row = Math.round(mark.offsetTop), other = rows.get(row);
    if (!other) { rows.set(row, mark); return; }
    const lighter = Number(mark.dataset.level) < Number(other.dataset.level) ? other : mark;
    lighter.hidden = true;
    if (lighter === other) rows.set(row, mark);
  });
}
/* What was found, moved along with a change of the text until the next answer; what was changed itself is found no more. */
export function shifted(found, before, after) {
  if (before === after) return found;
  const most = Math.min(before.length, after.length);
  let start = 0, end = 0;
  while (start < most && before[start] === after[start]) start += 1;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const delta = after.length - before.length, last = before.length - end;
  return found
    .filter((each) => each.at + each.length <= start || each.at >= last)
    .map((each) => (each.at >= last ? { ...each, at: each.at + delta } : each));
}
