/* 审校: the end of a rendition on the screen is 看过; the one button says the next right thing; the sheet takes no second touch too soon. */
const opinion = document.getElementById("opinion");
const leaves = document.getElementById("leaves");

/* ── 看过 ── */
function watch() {
  const frame = leaves && leaves.querySelector("iframe.frame");
  if (!frame || frame.dataset.seen) return;
  let shown = false;
  const look = () => {
    const inside = frame.contentDocument;
    if (shown || !inside || !inside.body || inside.readyState !== "complete") return;
    const page = inside.scrollingElement || inside.documentElement;
    const end = page.scrollTop + page.clientHeight >= page.scrollHeight - 24;
    const box = frame.getBoundingClientRect();
    if (!end || box.bottom > innerHeight + 24 || box.bottom < 40 || document.visibilityState !== "visible") return;
    shown = true;
    mark(frame);
  };
  const begin = () => {
    frame.contentDocument.addEventListener("scroll", look, { passive: true });
    setTimeout(look, 600);
  };
  frame.addEventListener("load", begin);
  if (frame.contentDocument && frame.contentDocument.readyState === "complete" && frame.contentDocument.body && frame.contentDocument.body.childElementCount) begin();
  addEventListener("scroll", look, { passive: true });
}
async function mark(frame) {
  const form = document.getElementById("see");
  if (!form) return;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Part": "leaves" } });
  if (answer.status !== 204) return;
  frame.dataset.seen = "1";
  /* What is the same for several channels was seen for all of them. */
  leaves.querySelectorAll(`.tabs [data-digest="${frame.dataset.digest}"] .unread`).forEach((tick) => {
    const use = tick.querySelector("use");
    tick.className = "seen";
    use.setAttribute("href", use.getAttribute("href").replace("#s-draft", "#i-check"));
    tick.querySelector(".unseen").textContent = document.documentElement.lang === "en" ? "seen" : "看过";
  });
  form.remove();
  await refresh();
}

/* ── one channel after the other, without losing what is ticked ── */
async function refresh() {
  const place = document.getElementById("deciding");
  if (!place || !opinion) return;      /* whoever only looks has nothing to decide */
  const answer = await fetch(location.href, { headers: { "X-Part": "deciding" } });
  if (!answer.ok) return;
  place.innerHTML = await answer.text();
  document.getElementById("seen-count").textContent = place.querySelector(".agree").dataset.count;
  say();
}
async function open(address) {
  const answer = await fetch(address, { headers: { "X-Part": "leaves" } });
  if (!answer.ok) { location.assign(address); return; }
  leaves.innerHTML = await answer.text();
  history.replaceState(null, "", address);
  watch();
  refresh();
  if (leaves.getBoundingClientRect().top < 0) leaves.scrollIntoView();
}
document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest(".leaves .tabs a, .leaves .seg a, a.look-next");
  if (!link || document.getElementById("sheet")) return;
  event.preventDefault();
  open(link.getAttribute("href").replace(/#.*$/, ""));
});

/* ── the one button ── */
function gates() { return opinion ? Array.from(opinion.querySelectorAll("input[name=gate]")) : []; }
function say() {
  const agree = opinion && opinion.querySelector(".agree");
  if (!agree || agree.hidden) return;
  const all = gates(), ticked = all.filter((each) => each.checked).length;
  const left = ticked < all.length;
  agree.textContent = left ? (document.documentElement.lang === "en" ? `Tick the gates (${ticked}/${all.length})` : `勾完把关（${ticked}/${all.length}）`) : agree.dataset.verb;
  agree.dataset.left = left ? "1" : "";
}
if (opinion) {
  opinion.addEventListener("change", say);
  opinion.addEventListener("submit", (event) => {
    const agree = opinion.querySelector(".agree");
    if (!agree || !agree.dataset.left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const first = gates().find((each) => !each.checked);
    first.scrollIntoView({ block: "center" });
    first.focus();
  });
  /* The bar at the thumb is not drawn while one types. */
  const bar = () => document.getElementById("act");
  opinion.addEventListener("focusin", (event) => { if (event.target.matches("textarea, select")) bar().classList.add("typing"); });
  opinion.addEventListener("focusout", () => bar().classList.remove("typing"));
  say();
}

/* ── the sheet: two deliberate touches, at least 600 ms apart ── */
const sheet = document.getElementById("sheet");
if (sheet) {
  const opened = performance.now();
  const first = sheet.querySelector("input:not([type=hidden]), textarea");
  if (first) first.focus();
  sheet.addEventListener("submit", (event) => {
    if (sheet.dataset.wait && performance.now() - opened < Number(sheet.dataset.wait)) { event.preventDefault(); event.stopImmediatePropagation(); }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") location.assign(sheet.querySelector("footer a").href); });
}

/* ── keys: 1…9 channels, D differences, A the dialog, B return ── */
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || sheet) return;
  try { if (localStorage.getItem("xuanfa-keys") === "off") return; } catch (error) { /* then they are on */ }
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const tabs = leaves ? leaves.querySelectorAll(".tabs a") : [];
  const key = event.key.toLowerCase();
  if (/^[1-9]$/.test(key) && tabs[Number(key) - 1]) tabs[Number(key) - 1].click();
  else if (key === "d" && leaves) { const to = leaves.querySelectorAll(".seg a")[1]; if (to) to.click(); }
  else if (key === "a" && opinion) { const agree = opinion.querySelector(".agree:not([hidden])"); if (agree) agree.click(); }
  else if (key === "b" && opinion) opinion.querySelector("#act .grave").click();
});
watch();
