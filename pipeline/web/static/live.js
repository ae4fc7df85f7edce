// Progress as it comes (server-sent events); the server's pages hold nothing that acts.
"use strict";
document.querySelectorAll("[data-live]").forEach((place) => {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("message", (event) => {
    place.innerHTML = event.data;
  });
  window.addEventListener("pagehide", () => source.close());
});
