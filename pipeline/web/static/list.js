// The list brings itself up to date, unless somebody is at work in it: what arrives in inbox/ appears by itself.
"use strict";
(() => {
  const EVERY = 15000;
  const atWork = (list) => list.contains(document.activeElement) || list.querySelector("input:checked");
  const renew = () => {
    const list = document.getElementById("liste");
    if (!list || document.hidden || atWork(list)) return;
    htmx.ajax("GET", list.dataset.here, { target: list, select: "#liste", swap: "outerHTML", headers: { "X-Veille": "1" } });
  };
  window.setInterval(renew, EVERY);
  document.addEventListener("liasse:depots", renew);
})();
