/* 统计, 台账: own dates are asked for where they are chosen; the sentence can be copied. */
import { copies } from "./copy.js";

document.querySelectorAll("form.filters").forEach((form) => {
  const span = form.querySelector("[data-span]");
  if (!span) return;
  const show = () => form.classList.toggle("brief", span.value !== "own");
  span.addEventListener("change", show);
  show();
});
copies();
