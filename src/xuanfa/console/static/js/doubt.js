/* One answer at a time is open; the opening words are copied. */
import { copies } from "./copy.js";

copies();
const answers = Array.from(document.querySelectorAll(".steps details.answer"));
answers.forEach((one) => one.addEventListener("toggle", () => {
  if (one.open) answers.forEach((other) => { if (other !== one) other.open = false; });
}));
