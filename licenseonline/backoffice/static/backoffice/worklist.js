// The work list by keyboard. Without this file every link, box and button of the page does the same.
"use strict";

(() => {
  const OFF = "desk-keys-off"; // single keys can be turned off, for those who speak to the machine (WCAG 2.1.4)
  const dialog = document.querySelector("dialog.desk-keys");
  const opener = document.querySelector(".desk-keys-open");
  const choice = document.querySelector(".desk-keys-on");
  const links = [...document.querySelectorAll(".desk-work tbody a.desk-link")];

  const isOff = () => {
    try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
  };
  const keep = (isOn) => {
    try { localStorage.setItem(OFF, isOn ? "0" : "1"); } catch { /* a private window: for this page only */ }
  };
  let isOn = !isOff();

  if (opener && dialog) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
    choice.checked = isOn;
    choice.addEventListener("change", () => { isOn = choice.checked; keep(isOn); });
  }

  const rowOf = (element) => element?.closest?.("tr");
  const current = () => links.findIndex((link) => rowOf(link) === rowOf(document.activeElement));
  const go = (step) => {
    if (!links.length) return;
    const at = current();
    const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[to].focus();
    rowOf(links[to]).scrollIntoView({ block: "nearest" });
  };
  const mark = () => {
    const box = links[current()] && rowOf(links[current()]).querySelector("input[type=checkbox]");
    if (box) box.click();
  };
  const press = (key) => document.querySelector(`[data-desk-key="${key}"]`)?.click();
  const choose = () => document.querySelector(".desk-bulk select")?.focus();

  // From one thing that can be done on the page to the next: its first field, or its button.
  const nextStep = () => {
    const steps = [...document.querySelectorAll(".desk-step")];
    const at = steps.findIndex((step) => step.contains(document.activeElement));
    steps[(at + 1) % steps.length]?.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  };

  // Of a paper or a change that waits for a decision: to the button that accepts it, or to the first reason to return it.
  const decide = (step, what) => document.querySelector(`.desk-step form[action$="/${step}"] :is(${what})`)?.focus();

  const KEYS = {
    a: () => decide("accept", "button[type=submit]"), r: () => decide("return", "input:not([type=hidden]), textarea"),
    j: () => go(1), ArrowDown: () => go(1), k: () => go(-1), ArrowUp: () => go(-1),
    x: mark, b: choose, s: nextStep, n: () => press("n"), u: () => press("u"), "?": () => press("?"),
  };

  const isTyping = (element) =>
    element.matches("textarea, select, [contenteditable]") ||
    (element.matches("input") && !["checkbox", "radio", "button", "submit"].includes(element.type));

  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    const isArrow = event.key.startsWith("Arrow");
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog?.open) return;
    if (isTyping(event.target) || (!isOn && !isArrow)) return;
    if (isArrow && (!links.length || (current() < 0 && document.activeElement !== document.body))) return;
    event.preventDefault();
    act();
  });

  const all = document.querySelector(".desk-mark-all");
  all?.addEventListener("change", () => {
    for (const box of document.querySelectorAll(".desk-work tbody input[type=checkbox]")) box.checked = all.checked;
  });
})();
