// Forms dropped anywhere on the page, or chosen: sent one by one, each told as soon as it is received.
"use strict";
(() => {
  const place = document.getElementById("depot");
  if (!place) return;
  const list = document.getElementById("depots");
  const token = place.dataset.token;
  const AT_ONCE = 3;
  const waiting = [];
  let busy = 0;
  let hashes = [];
  let rows = null;

  const row = (text) => {
    if (!rows) {
      rows = document.createElement("ul");
      rows.className = "deposits";
      list.append(rows);
    }
    const item = document.createElement("li");
    const bar = document.createElement("progress");
    const name = document.createElement("span");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", "Envoi de " + text);
    name.textContent = text;
    item.append(bar, " ", name);
    rows.append(item);
    return { item, bar };
  };

  const failed = (item, name, why) => {
    item.textContent = "";
    const mark = document.createElement("span");
    mark.className = "mark bad";
    mark.textContent = "✗ pas reçu";
    item.append(mark, " ", name, " : ", why);
  };

  const follow = () => {
    if (busy || waiting.length || !hashes.length) return;
    const asked = hashes.map((one) => "f=" + one).join("&");
    htmx.ajax("GET", "/depots/suivi?" + asked, { target: rows, swap: "outerHTML" });
    rows = null;
    hashes = [];
  };

  const next = () => {
    while (busy < AT_ONCE && waiting.length) {
      const { file, shown } = waiting.shift();
      busy += 1;
      const body = new FormData();
      body.append("fichier", file, file.name);
      const call = new XMLHttpRequest();
      call.open("POST", "/depots");
      call.setRequestHeader("X-Jeton", token);
      call.setRequestHeader("X-Depot", "1");
      call.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
      });
      call.addEventListener("loadend", () => {
        busy -= 1;
        if (call.status === 200) {
          const told = document.createElement("template");
          told.innerHTML = call.responseText;
          told.content.querySelectorAll("[data-hash]").forEach((one) => hashes.push(one.dataset.hash));
          shown.item.replaceWith(told.content);
        } else if (call.status === 413) {
          failed(shown.item, file.name, "il est trop gros.");
        } else {
          failed(shown.item, file.name, "réessayez ; si cela dure, rouvrez la page.");
        }
        next();
        follow();
      });
      call.send(body);
    }
  };

  const send = (files) => {
    for (const file of files) {
      if (file.name.startsWith(".")) continue;
      waiting.push({ file, shown: row(file.name) });
    }
    next();
  };

  // Once nothing is read any more, the list below shows what came of it.
  document.addEventListener("htmx:after:swap", () => {
    const told = document.querySelector("ul.deposits");
    if (told && !told.hasAttribute("hx-get") && told.dataset.hashes && !told.dataset.told) {
      told.dataset.told = "1";
      document.dispatchEvent(new CustomEvent("liasse:depots"));
    }
  });

  const inside = async (entry) => {
    if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const part = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!part.length) break;
      for (const one of part) found.push(...(await inside(one)));
    }
    return found;
  };

  place.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = document.getElementById("fichier");
    send(input.files);
    input.value = "";
  });
  document.getElementById("fichier").addEventListener("change", (event) => {
    send(event.target.files);
    event.target.value = "";
  });
  place.querySelector(".folder").hidden = false;
  document.getElementById("dossier-entier").addEventListener("change", (event) => {
    send(event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      place.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) place.classList.remove("over");
  });
  document.addEventListener("drop", async (event) => {
    if (!event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    place.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry && one.webkitGetAsEntry());
    if (entries.every(Boolean) && entries.length) {
      for (const entry of entries) send(await inside(entry));
    } else {
      send(event.dataTransfer.files);
    }
  });
})();
