/* Enter that picks a candidate of an input method submits nothing: no key counts while it composes, nor for a moment after. */
let ended = -1000;
document.addEventListener("compositionend", () => { ended = performance.now(); }, true);
export function composing(event) {
  return event.isComposing || event.keyCode === 229 || performance.now() - ended < 100;
}
