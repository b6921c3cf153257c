"use strict";
// Pointing at a finding shows its boxes, and pointing at a box shows its findings.
for (const one of document.querySelectorAll("[data-boxes]")) {
  const boxes = one.dataset.boxes.split(" ").filter(Boolean).map((id) => document.getElementById(id)).filter(Boolean);
  const all = [one, ...boxes];
  const mark = (on) => all.forEach((each) => each.classList.toggle("hit", on));
  for (const each of all) {
    each.addEventListener("pointerenter", () => mark(true));
    each.addEventListener("pointerleave", () => mark(false));
    each.addEventListener("focusin", () => mark(true));
    each.addEventListener("focusout", () => mark(false));
  }
}
