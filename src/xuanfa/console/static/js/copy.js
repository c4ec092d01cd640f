/* A button that copies: by the clipboard where there is one (TLS), else by the old command. It says that it has. */
function byCommand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "unseen";
  document.body.appendChild(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(text) {
  if (navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); return true; } catch (error) { /* not allowed: the old command may be */ }
  }
  return byCommand(text);
}

export function copies(root = document) {
  root.querySelectorAll("[data-copy]").forEach((button) => {
    const from = root.querySelector(`[data-copied="${button.dataset.copy}"]`);
    if (!from || button.dataset.ready) return;
    button.dataset.ready = "1";
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!(await copy(from.textContent.trim()))) return;
      const words = button.querySelector("span");
      const said = words.textContent;
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = said; }, 2000);
    });
  });
}
