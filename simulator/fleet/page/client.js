/** Runs in the reader's browser: draws the page of a fleet in the chosen language and width. */
import { firstLanguage, rememberLanguage } from "../../report/page/language.js";
import { body } from "./body.ts";
import { catalogue, languages } from "./texts.ts";

const view = JSON.parse(document.getElementById("view").textContent);
const page = document.getElementById("page");
/** A browser that draws nothing yet says 0. */
const leastWidth = 280;
let drawnWidth = 0;
let language = firstLanguage(languages);

function draw() {
  const texts = catalogue(language);
  drawnWidth = Math.max(leastWidth, page.clientWidth);
  page.innerHTML = body(view, texts, drawnWidth).text;
  document.documentElement.lang = language;
  document.title = `${view.fleet.name}: ${texts.verdicts[view.verdict]}`;
}

page.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-language]");
  if (button === null) return;
  language = button.dataset.language;
  rememberLanguage(language);
  draw();
  page.querySelector(`[data-language="${language}"]`).focus();
});

let waiting = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    if (Math.max(leastWidth, page.clientWidth) !== drawnWidth) draw();
  });
});
draw();
