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
    const files = [...input.files];
    if (!files.length) return say(form, [words.none]);
    if (files.length > Number(words.mostFiles)) return say(form, [words.tooMany]);
    const large = files.filter((file) => file.size > Number(words.most));
    if (large.length) return say(form, large.map((file) => `${words.tooLarge}${file.name}`));
    say(form, []);
    const bar = form.querySelector("progress");
    bar.value = 0;
    bar.hidden = false;
    form.querySelector("button[type=submit]").disabled = true;
    underWay += 1;
    each(form, input, { sent: 0, all: files.reduce((sum, file) => sum + file.size, 0) });
  }

  // Each file in a request of its own, so that each may be as large as one may be; what has arrived is not sent again.
  function each(form, input, so) {
    const [file, ...rest] = input.files;
    if (!file) return end(form, null);
    const bar = form.querySelector("progress");
    const data = new FormData(form);
    data.set("uploads", file, file.name);
    if ("more" in form.dataset) data.set("more", "1");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.lengthComputable ? (so.sent + (event.loaded / event.total) * file.size) / so.all : 0;
    });
    request.addEventListener("loadend", () => {
      if (request.status !== 200 || !request.response?.url) return end(form, request.response?.errors ?? [form.dataset.failed]);
      next = request.response.url;
      so.sent += file.size;
      form.dataset.more = "";
      form.querySelector("input[name=key]").value = request.response.key;
      const left = new DataTransfer();
      for (const one of rest) left.items.add(one);
      input.files = left.files;
      input.dispatchEvent(new Event("change"));
      each(form, input, so);
    });
    request.send(data);
  }

  function end(form, errors) {
    const button = form.querySelector("button[type=submit]");
    underWay -= 1;
    form.querySelector("progress").hidden = true;
    button.disabled = !errors;
    if (errors) {
      say(form, "more" in form.dataset ? [...errors, form.dataset.left] : errors);
    } else {
      form.dataset.done = "";
      button.textContent = form.dataset.handedIn;
    }
    // Once nothing is on its way any more, the page is read anew; a form that failed keeps what was chosen.
    const left = forms.filter((one) => !("done" in one.dataset) && one.querySelector("input[type=file]").files.length);
    if (!underWay && next && !left.length) {
      const [path] = next.split("#");
      if (path === location.pathname) location.reload();
      else location.assign(next);
    }
  }
})();
