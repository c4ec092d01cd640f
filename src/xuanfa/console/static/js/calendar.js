/* 排期: a post is lifted by mouse, finger or keyboard, and put down on another day. The server says what came of it: this only sends a form.
   The day and the time go as they stand in the page; nothing here reckons with dates. */
import { composing } from "./keys.js";

const MOVED = 5, HELD_MS = 350, EDGE_MS = 600;
const form = document.getElementById("drop");
const float = document.getElementById("lift"), words = document.getElementById("lift-words"), said = document.getElementById("lift-said");
const en = document.documentElement.lang === "en";
const say = (zh, other) => (en ? other : zh);
let lifted = null;

const days = () => Array.from(document.querySelectorAll(".cal .day"));
const clock = (iso) => iso.slice(11, 16);

/* The slot with the same clock time, else the first free one, else its own clock time; in a week the quarter on which it is put. */
function place(chip, day) {
  const slots = (day.dataset.slots || "").trim().split(" ").filter(Boolean);
  if (day.dataset.time) {       /* a quarter of an hour of the week: that very time */
    const there = slots.find((one) => clock(one) === day.dataset.time) || "";
    return { slot: there, time: day.dataset.time };
  }
  const slot = slots.find((one) => clock(one) === chip.dataset.time) || slots[0] || "";
  return { slot, time: slot ? clock(slot) : chip.dataset.time };
}

function tell(chip, day) {
  const { slot, time } = place(chip, day);
  const text = day.dataset.silent
    ? say(`${day.dataset.said}，静默期，不能排`, `${day.dataset.said}, silent: not possible`)
    : `${day.dataset.said}，${time}${slot ? say(" 空档", " free") : ""}`;
  said.textContent = text;
  return text;
}

function lift(chip, by) {
  drop(false);
  const day = chip.closest(".day");
  lifted = { chip, home: day, day, by, mark: null };
  chip.classList.add("held");
  float.hidden = false;
  words.textContent = by === "keys"
    ? say(`正在移动“${chip.dataset.title}”：← → 换一天，↑ ↓ 换一周，回车放下，Esc 不动了`, `Moving “${chip.dataset.title}”: arrows, Enter, Esc`)
    : say(`正在移动“${chip.dataset.title}”：放到哪天，就排在哪天；Esc 不动了`, `Moving “${chip.dataset.title}”`);
  if (day) aim(day);
}

function aim(day) {
  if (lifted.mark) lifted.mark.remove();
  document.querySelectorAll(".day.target").forEach((each) => each.classList.remove("target"));
  lifted.day = day;
  lifted.mark = null;
  if (!day) return;
  day.classList.add("target");
  lifted.mark = document.createElement("span");
  lifted.mark.className = "drop";
  lifted.mark.textContent = tell(lifted.chip, day);
  day.appendChild(lifted.mark);
}

function drop(send) {
  if (!lifted) return;
  const { chip, home, day } = lifted;
  aim(null);
  chip.classList.remove("held");
  chip.style.removeProperty("pointer-events");
  float.hidden = true;
  lifted = null;
  if (!send || !day || day === home) { said.textContent = say("没有动", "not moved"); return; }
  if (day.dataset.silent) { said.textContent = say(`${day.dataset.said}是静默期，不能排。`, "silent: not moved"); return; }
  const { slot, time } = place(chip, day);
  form.action = `/deliveries/${chip.dataset.delivery}/reschedule`;
  form.elements.slot.value = slot;
  form.elements.upto.value = chip.dataset.upto || "";
  form.elements.date.value = slot ? "" : day.dataset.day;
  form.elements.time.value = slot ? "" : time;
  form.submit();
}

/* ── keys ── */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
document.addEventListener("keydown", (event) => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!lifted) {
    const chip = event.target.closest && event.target.closest(".chip[data-moves]");
    if (chip && (event.key === " " || event.key === "m" || event.key === "M")) { event.preventDefault(); lift(chip, "keys"); }
    return;
  }
  if (event.key === "Escape") { event.preventDefault(); drop(false); return; }
  if (lifted.by !== "keys") return;
  if (event.key === "Enter") { event.preventDefault(); drop(true); return; }
  if (event.key === "PageUp" || event.key === "PageDown") {
    event.preventDefault();
    turn(event.key === "PageUp" ? "prev" : "next", lifted.chip.dataset.delivery);
    return;
  }
  if (!(event.key in STEPS)) return;
  event.preventDefault();
  const all = days();
  const now = all.indexOf(lifted.day);
  const next = all[now < 0 ? 0 : now + STEPS[event.key]];
  if (next) aim(next); else said.textContent = say("到头了：PgUp、PgDn 换一个月", "the end: PgUp, PgDn");
});

/* ── pointers: with capture, so that fingers do it too ── */
let press = null;
document.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest && event.target.closest(".chip[data-moves]");
  if (!chip || event.button !== 0) return;
  press = { chip, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch", timer: 0, moved: false };
  if (press.touch) press.timer = setTimeout(() => { if (press) begin(); }, HELD_MS);
});
document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > MOVED;
  if (!press.moved) {
    if (!far) return;
    if (press.touch) { stop(); return; }
    begin();
  }
  event.preventDefault();
  over(event.clientX, event.clientY);
});
document.addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const moved = press.moved;
  stop();
  if (moved) { swallow(); drop(true); }
});
document.addEventListener("pointercancel", () => { stop(); drop(false); });
document.addEventListener("dragstart", (event) => { if (event.target.closest(".chip[data-moves]")) event.preventDefault(); });

function begin() {
  press.moved = true;
  lift(press.chip, "pointer");
  press.chip.style.setProperty("pointer-events", "none");
  try { document.documentElement.setPointerCapture(press.id); } catch (error) { /* the pointer is gone: nothing to hold */ }
}
function stop() {
  if (!press) return;
  clearTimeout(press.timer);
  clearTimeout(edge.timer);
  press = null;
}
/* The click that follows a drop opens nothing. */
function swallow() {
  const once = (event) => { event.preventDefault(); event.stopPropagation(); };
  document.addEventListener("click", once, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", once, { capture: true }), 50);
}
const edge = { timer: 0, where: "" };
function over(x, y) {
  const under = document.elementFromPoint(x, y);
  const day = under && under.closest(".day");
  if (day !== lifted.day) aim(day);
  const table = document.querySelector(".cal").getBoundingClientRect();
  const where = x < table.left - 8 ? "prev" : x > table.right + 8 && !(under && under.closest(".pool")) ? "next" : "";
  if (where !== edge.where) {
    clearTimeout(edge.timer);
    edge.where = where;
    const chip = lifted.chip;
    if (where) edge.timer = setTimeout(() => turn(where, chip.dataset.delivery), EDGE_MS);
  }
}

/* Another month, with the same post in hand: by keys from there on. */
function turn(where, delivery) {
  const link = document.querySelector(`.turn a[rel=${where}]`);
  if (!link) return;
  const chip = lifted && lifted.chip;
  if (chip) sessionStorage.setItem("lifted", JSON.stringify({ delivery, time: chip.dataset.time, title: chip.dataset.title, upto: chip.dataset.upto }));
  location.assign(link.href);
}
const carried = sessionStorage.getItem("lifted");
if (carried) {
  sessionStorage.removeItem("lifted");
  const it = JSON.parse(carried);
  const chip = document.createElement("a");
  chip.className = "chip";
  Object.assign(chip.dataset, { delivery: it.delivery, time: it.time, title: it.title, upto: it.upto || "", moves: "" });
  lift(chip, "keys");
  aim(days()[0]);
}
