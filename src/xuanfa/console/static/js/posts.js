/* 稿件: a Word file dropped anywhere on the page is a new draft. */
const form = document.getElementById("from-word"), input = form.querySelector("input[type=file]"), told = document.getElementById("drop-told");
form.classList.add("quick");
document.getElementById("drop-hint").hidden = false;
input.addEventListener("change", () => { if (input.files.length) form.requestSubmit ? form.requestSubmit() : form.submit(); });
document.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const file = event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  if (!/\.docx$/i.test(file.name)) { told.textContent = told.dataset.wrong; told.hidden = false; return; }
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
  form.submit();
});
