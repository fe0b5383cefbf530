// Handing in papers: drop, camera, how far the upload is, and a retry that keeps what was chosen. Without it, the forms just post.
(() => {
  "use strict";
  const forms = [...document.querySelectorAll("form[data-papers]")];
  let underWay = 0;
  let next = "";

  for (const form of forms) {
    const input = form.querySelector("input[type=file]");
    const camera = form.querySelector("[data-camera]");
    const drop = form.querySelector("[data-drop]");
    const list = form.querySelector("[data-chosen]");
    input.addEventListener("change", () => show(form, input, list));
    camera?.removeAttribute("hidden");
    camera?.querySelector("input").addEventListener("change", (event) => {
      add(input, event.target.files);
      event.target.value = "";
    });
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.dataset.over = "";
      });
    }
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => delete drop.dataset.over);
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      add(input, event.dataTransfer.files);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, input);
    });
  }

  function add(input, files) {
    const all = new DataTransfer();
    for (const file of [...input.files, ...files]) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change"));
  }

  function show(form, input, list) {
    list.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: `${file.name}（${size(file.size)}）` })));
    say(form, []);
  }

  function size(bytes) {
    return bytes < 1e6 ? `${Math.ceil(bytes / 1024)}KB` : `${(bytes / 1048576).toFixed(1)}MB`;
  }

  function say(form, errors) {
    const box = form.querySelector("[data-errors]");
    box.hidden = !errors.length;
    box.replaceChildren(...errors.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  function send(form, input) {
    const words = form.dataset;
    if (!input.files.length) return say(form, [words.none]);
    if ([...input.files].reduce((sum, file) => sum + file.size, 0) > Number(words.most)) return say(form, [words.tooLarge]);
    const button = form.querySelector("button[type=submit]");
    const bar = form.querySelector("progress");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.lengthComputable ? event.loaded / event.total : 0;
    });
    request.addEventListener("loadend", () => {
      underWay -= 1;
      bar.hidden = true;
      button.disabled = false;
      if (request.status === 200 && request.response?.url) {
        next = request.response.url;
        form.dataset.done = "";
        say(form, []);
        button.disabled = true;
        button.textContent = words.handedIn;
      } else {
        say(form, request.response?.errors ?? [words.failed]);
      }
      // Once nothing is on its way any more, the page is read anew; a form that failed keeps what was chosen.
      const left = forms.filter((one) => !("done" in one.dataset) && one.querySelector("input[type=file]").files.length);
      if (!underWay && next && !left.length) {
        const [path] = next.split("#");
        if (path === location.pathname) location.reload();
        else location.assign(next);
      }
    });
    say(form, []);
    bar.value = 0;
    bar.hidden = false;
    button.disabled = true;
    underWay += 1;
    request.send(new FormData(form));
  }
})();
