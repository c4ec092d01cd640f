/* Enter that picks a candidate of an input method submits nothing: no key counts while it composes, nor for a moment after. */
let ended = -1000, under = false;
document.addEventListener("compositionstart", () => { under = true; }, true);
document.addEventListener("compositionend", () => { under = false; ended = performance.now(); }, true);
export function composing(event) {
  return event.isComposing || event.keyCode === 229 || performance.now() - ended < 100;
}
/* Whether a syllable is half typed: nothing is kept of it before it is whole. */
export function halfTyped() { return under; }
