// Select2 gives its boxes no name: whoever hears the page hears the field's label, then what is chosen.
"use strict";

const nameLookups = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (!box || box.dataset.named) continue;
    const shown = box.querySelector(".select2-selection__rendered");
    if (label) {
      label.id ||= `${select.id}_label`;
      box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
      shown.setAttribute("aria-labelledby", label.id);
    } else {
      const heading = select.closest("td")?.dataset.label ?? select.name;
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", heading);
      shown.setAttribute("aria-label", heading);
    }
    box.dataset.named = "yes";
  }
};

// Django's own script makes the boxes when jQuery is ready, and again for each added line: they are named as they appear.
new MutationObserver(nameLookups).observe(document, { childList: true, subtree: true });
