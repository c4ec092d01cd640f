/* 稿件: a Word file dropped anywhere on the page is a new draft. It goes in parts, so that a line that breaks costs the last of them only. */
import { sendInParts } from "./upload.js";

const form = document.getElementById("from-word"), input = form.querySelector("input[type=file]"), told = document.getElementById("drop-told");
form.classList.add("quick");
document.getElementById("drop-hint").hidden = false;
if (location.hash === "#new") document.getElementById("new").focus();
const mega = (bytes) => (bytes / 1e6).toFixed(1).replace(/\.0$/, "");
function tell(text, good) {
  told.textContent = text;
  told.className = `say ${good ? "look" : "ill"}`;
  told.hidden = !text;
}
async function take(file) {
  if (!/\.docx$/i.test(file.name)) { tell(told.dataset.wrong); return; }
  if (file.size > Number(told.dataset.most)) { tell(told.dataset.large.replace("{n}", mega(file.size))); return; }
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const name = await sendInParts(file, () => form.querySelector("input[name=csrf]").value, (have, tries) => {
      tell((tries ? told.dataset.again.replace("{t}", String(tries)) : told.dataset.sent).replace("{n}", mega(have)).replace("{m}", mega(file.size)), true);
    }, { ended: told.dataset.ended, failed: told.dataset.failed });
    [["upload", name], ["upload-name", file.name]].forEach(([field, value]) => {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = field;
      hidden.value = value;
      form.appendChild(hidden);
    });
    input.disabled = true;
    form.submit();
  } catch (error) { tell(error.message); form.removeAttribute("aria-busy"); }
}
input.addEventListener("change", () => { if (input.files.length) take(input.files[0]); });
document.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const file = event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  take(file);
});

/* Several at once: what can be done to those that are ticked shows as soon as one is, and how many there are. */
const bulk = document.getElementById("bulk"), ticked = document.getElementById("ticked");
function count() {
  const boxes = [...document.querySelectorAll("input[name=post][form=bulk]")], some = boxes.filter((box) => box.checked).length;
  boxes.forEach((box) => box.closest("tr").classList.toggle("ticked", box.checked));
  bulk.hidden = !some;
  ticked.textContent = ticked.dataset.words.replace("{n}", String(some));
}
if (bulk) {
  bulk.classList.add("quick");
  document.addEventListener("change", (event) => { if (event.target.matches("input[name=post]")) count(); });
  window.addEventListener("pageshow", count);
  count();
}
