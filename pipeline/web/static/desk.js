// The desk: a field frames its place on the page, a place finds its field; doubts are settled by the keyboard alone.
"use strict";
(() => {
  const doubts = () => [...document.querySelectorAll("#bureau [data-doubt]")];
  const frames = (path) => document.querySelectorAll(`rect[data-path="${CSS.escape(path)}"]`);
  const pathOf = (target) => target.closest && target.closest("#bureau [data-path]");

  const frame = (path, on, scroll) => {
    frames(path).forEach((one) => {
      one.classList.toggle("on", on);
      const paper = one.closest(".paper");
      if (on && scroll && paper) {
        const place = one.getBoundingClientRect();
        const seen = paper.getBoundingClientRect();
        if (place.top < seen.top || place.bottom > seen.bottom) {
          paper.scrollTop += place.top - seen.top - seen.height / 3;
        }
      }
    });
  };

  for (const [on, names] of [[true, ["mouseover", "focusin"]], [false, ["mouseout", "focusout"]]]) {
    for (const name of names) {
      document.addEventListener(name, (event) => {
        const found = pathOf(event.target);
        if (found) frame(found.dataset.path, on, on);
      });
    }
  }

  document.addEventListener("click", (event) => {
    const rect = event.target.closest && event.target.closest("rect[data-path]");
    if (!rect) return;
    const path = rect.dataset.path;
    const input = document.getElementById("saisie-" + path);
    const value = document.getElementById("valeur-" + path);
    if (input) {
      input.focus();
    } else if (value) {
      const part = value.closest("details");
      if (part) part.open = true;
      value.scrollIntoView({ block: "center" });
      value.focus({ preventScroll: true });
    }
  });

  const go = (from, step) => {
    const all = doubts();
    if (!all.length) return;
    const at = all.indexOf(from);
    const next = at < 0 ? 0 : (at + step + all.length) % all.length;
    all[next].focus();
    if (all[next].select) all[next].select();
  };

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const here = document.activeElement;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!doubts().length) return;
      event.preventDefault();
      go(here, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "i" || event.key === "I") {
      const form = here.closest && here.closest("form.settle");
      if (!form) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="illisible"]'));
    }
  });

  // Enter in a text of several lines confirms too; Shift + Enter begins another line.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.target.tagName !== "TEXTAREA") return;
    const form = event.target.closest("form.settle");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  let order = [];
  document.addEventListener("htmx:before:request", () => {
    order = doubts().map((one) => one.id);
  });
  document.addEventListener("htmx:after:swap", () => {
    const desk = document.getElementById("bureau");
    if (!desk) return;
    const refused = document.getElementById("refus");
    const done = desk.dataset.done;
    if (!done && !refused) return;
    desk.removeAttribute("data-done");
    if (refused) {
      refused.tabIndex = -1;
      refused.focus();
      refused.removeAttribute("id");
      return;
    }
    const after = order.slice(order.indexOf("saisie-" + done) + 1);
    const next = after.map((one) => document.getElementById(one)).find(Boolean) || doubts()[0];
    if (next) {
      next.focus();
      if (next.select) next.select();
    } else {
      const title = document.getElementById("etat-titre");
      title.tabIndex = -1;
      title.focus();
    }
  });

  const first = doubts()[0];
  if (first && !location.hash && window.matchMedia("(min-width: 60rem)").matches) first.focus({ preventScroll: true });
})();
