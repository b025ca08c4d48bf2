// Load the page anew when the archive has changed.
"use strict";

const events = new EventSource(new URL("events", document.currentScript.src));
let edition = null;
events.addEventListener("edition", ({ data }) => {
  if (edition !== null && edition !== data) location.reload();
  edition = data;
});
