// What pages do beyond showing: the transcript and the chapters follow the sound, and lead into it.
"use strict";

const sound = document.getElementById("sound");
if (sound) followSound(sound);
openChapters();
const field = document.getElementById("find");
if (field) findEpisodes(field);
for (const button of document.querySelectorAll("[data-copy]")) copyOnClick(button);

function followSound(sound) {
  const transcript = document.querySelector(".transcript");
  const said = timed(".transcript [data-at]");
  const chapters = timed(".chapters [data-at]");
  const now = document.querySelector(".now");
  const follow = document.querySelector("[data-follow]");
  let paragraph = null;
  let chapter = null;

  document.documentElement.classList.add("follows");
  showCaptions(sound);
  sound.addEventListener("timeupdate", update);
  sound.addEventListener("seeked", update);
  for (const each of chapters) each.element.addEventListener("click", (event) => seekBy(event, each));
  if (transcript) {
    const places = new Map(said.map((each) => [each.element, each]));
    transcript.addEventListener("click", (event) => {
      const each = places.get(event.target.closest("[data-at]"));
      const link = event.target.closest("a");
      if (!each || !(link || (event.target.closest("span") && getSelection().isCollapsed))) return;
      if (link) history.replaceState(null, "", link.hash);
      seekBy(event, each);
    });
    walkByArrows(transcript, said.map(({ element }) => element.querySelector("a")));
  }
  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => seek(Math.max(0, sound.currentTime + Number(button.dataset.skip))));
  }
  const speed = document.querySelector("[data-speed]");
  const speeds = [1, 1.25, 1.5, 1.75, 2, 0.75];
  speed.addEventListener("click", () => {
    sound.playbackRate = speeds[(speeds.indexOf(sound.playbackRate) + 1) % speeds.length];
  });
  sound.addEventListener("ratechange", () => {
    speed.textContent = `${sound.playbackRate}×`;
    speed.setAttribute("aria-label", `${speed.dataset.label}: ${speed.textContent}`);
  });
  if (follow) {
    // From elsewhere on the page it leads to the words.
    follow.addEventListener("click", () => setFollowing(!isReading() || follow.getAttribute("aria-pressed") !== "true"));
    // Whoever scrolls in the transcript wants to read elsewhere.
    for (const kind of ["wheel", "touchmove"]) {
      addEventListener(kind, () => sound.paused || !isReading() || setFollowing(false), { passive: true });
    }
  }
  const linked = /^#t=?(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (linked) sound.currentTime = Number(linked[1]);

  function seekBy(event, each) {
    event.preventDefault();
    seek(each.at);
    sound.play().catch(() => {}); // a browser may want another click first; the place is set all the same
  }

  function seek(at) {
    sound.currentTime = at;
    update();
  }

  function isReading() {
    const { top, bottom } = document.querySelector(".transcript").getBoundingClientRect();
    return top < innerHeight * 0.7 && bottom > 0;
  }

  function setFollowing(on) {
    follow.setAttribute("aria-pressed", String(on));
    if (on && paragraph) bringIntoView(paragraph.element);
  }

  function update() {
    const at = sound.currentTime + 0.05;
    const spoken = lastBefore(said, at);
    if (spoken !== paragraph) {
      paragraph?.element.classList.remove("is-now");
      spoken?.element.classList.add("is-now");
      paragraph = spoken;
      const follows = follow?.getAttribute("aria-pressed") === "true" && isReading();
      if (spoken && follows) bringIntoView(spoken.element);
    }
    const part = lastBefore(chapters, at);
    if (part !== chapter) {
      chapter?.element.removeAttribute("aria-current");
      part?.element.setAttribute("aria-current", "true");
      chapter = part;
      now.textContent = part ? part.element.lastElementChild.textContent : "";
      now.hidden = !part;
      if (part) showInList(part.element);
    }
  }
}

// A transcript has hundreds of links: it is one stop for the Tab key, and arrows lead from one to the next.
function walkByArrows(transcript, links) {
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  links.forEach((link, place) => { link.tabIndex = place ? -1 : 0; });
  transcript.addEventListener("focusin", ({ target }) => {
    if (!links.includes(target)) return;
    for (const link of transcript.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
    target.tabIndex = 0;
  });
  transcript.addEventListener("keydown", (event) => {
    const place = links.indexOf(event.target);
    const step = steps[event.key];
    if (place < 0 || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, place + step))].focus();
  });
}

// Many chapters are folded, for on a phone they would stand between the player and everything else.
function openChapters() {
  const list = document.querySelector(".chapters details");
  if (!list) return;
  if (matchMedia("(min-width: 62rem)").matches) list.open = true;
  addEventListener("beforeprint", () => { list.open = true; });
  document.querySelector(".now")?.addEventListener("click", (event) => {
    event.preventDefault();
    list.open = true;
    const current = list.querySelector("[aria-current]");
    if (!current) return;
    current.focus({ preventScroll: true });
    showInList(current);
    bringIntoView(current);
  });
}

// Beside the words, a long list of chapters scrolls by itself, unless somebody is at it.
function showInList(chapter) {
  const list = chapter.closest(".chapters");
  if (!list.matches(":hover")) list.scrollTop = chapter.offsetTop - list.clientHeight / 3;
}

function timed(selector) {
  return [...document.querySelectorAll(selector)].map((element) => ({ element, at: Number(element.dataset.at) }));
}

function lastBefore(list, at) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at <= at) low = middle + 1;
    else high = middle;
  }
  return low ? list[low - 1] : null;
}

function bringIntoView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const room = Math.max(0, document.querySelector(".player").getBoundingClientRect().bottom);
  if (top >= room && bottom <= innerHeight * 0.8) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: top - room - innerHeight * 0.15, behavior: calm ? "auto" : "smooth" });
}

// An audio element shows no captions by itself.
function showCaptions(sound) {
  const track = sound.textTracks[0];
  const line = document.querySelector(".caption");
  if (!track || !line) return;
  track.mode = "hidden";
  sound.addEventListener("play", () => { line.hidden = false; }, { once: true });
  track.addEventListener("cuechange", () => {
    line.replaceChildren(...[...track.activeCues].map((cue) => cue.getCueAsHTML()));
  });
}

function findEpisodes(field) {
  const entries = [...document.querySelectorAll(".list li")].map((element) => ({
    element,
    text: element.textContent.toLowerCase(),
  }));
  const none = document.querySelector(".none-found");
  const folded = [...document.querySelectorAll("details.group")];
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { element, text } of entries) element.hidden = !words.every((word) => text.includes(word));
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("li:not([hidden])");
    for (const group of folded) group.open = words.length > 0;
    none.textContent = entries.every(({ element }) => element.hidden) ? none.dataset.none : "";
  });
}

function copyOnClick(button) {
  if (!navigator.clipboard) button.hidden = true;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
