// Only comfort: every page works without this file.
(() => {
  "use strict";

  // A second click on a button that writes does nothing. The button is disabled after the browser has read the form,
  // or its own name and value would be missing from what is sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.hasAttribute("target") || "again" in form.dataset) return;
    if ("submitted" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.submitted = "";
    setTimeout(() => {
      for (const button of buttonsOf(form)) {
        button.disabled = true;
        button.dataset.busy = "";
      }
    });
  });

  // The page may come back from the browser's memory: then its forms are new again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-submitted]")) {
      delete form.dataset.submitted;
      for (const button of buttonsOf(form)) {
        if (!("busy" in button.dataset)) continue;
        button.disabled = false;
        delete button.dataset.busy;
      }
    }
  });

  function buttonsOf(form) {
    return [...form.elements].filter((element) => element.type === "submit");
  }

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
    if (event.target.closest("[data-print]")) window.print();
    const show = event.target.closest("[data-show-password]");
    if (show) showPassword(show);
    const find = event.target.closest("[data-find]");
    if (find) findAddress(find.closest("[data-address]"));
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });

  // Suggestions under the search box: the arrows move between the box and its links, Escape and leaving it close them.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("form:has([data-suggest])");
    if (!box || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const stops = [box.querySelector("input[type=search]"), ...box.querySelectorAll("[data-suggest] a")];
    if (stops.length === 1) return;
    event.preventDefault();
    if (event.key === "Escape") closeSuggestions(box);
    const next = event.key === "Escape" ? 0 : stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[(next + stops.length) % stops.length].focus();
  });

  document.addEventListener("focusout", (event) => {
    const box = event.target.closest?.("form:has([data-suggest])");
    if (box && event.relatedTarget && !box.contains(event.relatedTarget)) closeSuggestions(box);
  });

  document.addEventListener("click", (event) => {
    for (const box of document.querySelectorAll("form:has([data-suggest])")) {
      if (!box.contains(event.target)) closeSuggestions(box);
    }
  });

  function closeSuggestions(box) {
    box.querySelector("[data-suggest]").replaceChildren();
  }

  function openMenus() {
    return document.querySelectorAll("details[data-menu][open]");
  }

  async function copyText(button) {
    const source = button.dataset.copy;
    const text = source.startsWith("#") ? document.querySelector(source)?.textContent.trim() : source;
    if (!text) return;
    await navigator.clipboard.writeText(text);
    const label = button.querySelector("[data-label]") ?? button;
    const before = label.textContent;
    label.textContent = button.dataset.copied || before;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  function showPassword(button) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.dataset.show ??= button.textContent;
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
  }

  // A hidden password is what password managers and browsers expect to be sent.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-show-password][aria-pressed=true]")) showPassword(button);
  });

  async function findAddress(address) {
    const field = (name) => address.querySelector(`[name=${name}]`);
    const outcome = address.querySelector("[data-outcome]");
    const code = field("postal_code").value.normalize("NFKC").trim();
    const answer = code ? await fetch(address.dataset.address.replace("CODE", encodeURIComponent(code))).catch(() => null) : null;
    const place = answer?.ok ? await answer.json() : null;
    outcome.textContent = place ? outcome.dataset.found : outcome.dataset.unknown;
    if (!place) return field("postal_code").focus();
    for (const name of ["prefecture", "city", "street"]) field(name).value = place[name];
    const next = ["prefecture", "city", "street"].find((name) => !field(name).value) ?? "street";
    field(next).focus();
  }

  // Buttons that are useless without a script are hidden until it runs; fragments that htmx brings count too.
  function prepare(root) {
    for (const button of root.querySelectorAll("[data-print], [data-copy], [data-show-password]")) button.hidden = false;
    for (const button of root.querySelectorAll("[data-find]")) button.type = "button";
    for (const control of root.querySelectorAll("[data-autosubmit] select, [data-autosubmit] input[type=checkbox]")) {
      control.addEventListener("change", () => control.form.requestSubmit());
    }
  }
  prepare(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) prepare(event.target); });

  document.querySelector("[data-focus]")?.focus();
})();
