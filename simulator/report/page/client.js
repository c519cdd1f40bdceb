/** Runs in the reader's browser: draws the page in the chosen language and width, and opens ladders. */
import { body, ladderAt } from "./body.ts";
import { firstLanguage, rememberLanguage } from "./language.js";
import { catalogue, languages } from "./texts.ts";

const view = JSON.parse(document.getElementById("view").textContent);
const page = document.getElementById("page");
/** A browser that draws nothing yet says 0. */
const leastWidth = 280;
/** Places of the ladders that are open. */
const open = new Set();
let drawnWidth = 0;
let language = firstLanguage(languages);

function draw() {
  const texts = catalogue(language);
  drawnWidth = Math.max(leastWidth, page.clientWidth);
  page.innerHTML = body(view, texts, drawnWidth).text;
  document.documentElement.lang = language;
  document.title = `${view.scenario.name}: ${texts.verdicts[view.verdict]}`;
  for (const place of open) showLadder(place);
}

function showLadder(place) {
  const button = page.querySelector(`[data-ladder="${place}"]`);
  const cell = document.getElementById(`ladder-${place}`);
  const isOpen = open.has(place);
  button.setAttribute("aria-expanded", String(isOpen));
  cell.parentElement.hidden = !isOpen;
  const width = Math.min(drawnWidth - 2, 940);
  cell.innerHTML = isOpen ? ladderAt(view, place, catalogue(language), width).text : "";
}

page.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  if (button.dataset.language !== undefined) {
    language = button.dataset.language;
    rememberLanguage(language);
    draw();
    page.querySelector(`[data-language="${language}"]`).focus();
  }
  if (button.dataset.ladder !== undefined) {
    const place = Number(button.dataset.ladder);
    if (!open.delete(place)) open.add(place);
    showLadder(place);
  }
});

let waiting = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    if (Math.max(leastWidth, page.clientWidth) !== drawnWidth) draw();
  });
});
draw();
