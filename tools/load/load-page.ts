/** A load as one HTML file that opens without a network: the answer, the rates, and two plots second by second. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { html, jsonMarkup, type Markup, trusted } from "../../simulator/report/html.ts";
import { foundLine, playedLines, stepLine } from "./load-lines.ts";
import type { LoadResult } from "./load-result.ts";

const require = createRequire(import.meta.url);

export function loadPage(result: LoadResult): string {
  const { profile, units, to, interrupted, steps, seconds } = result;
  const title = `Load: ${units.toLocaleString("en")} units, ${profile}, ${to}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${ownFile("../../simulator/report/page/tokens.css")}
${ownFile("../../simulator/report/page/page.css")}
${packageFile("uplot/dist/uPlot.min.css")}
${ownFile("load-page.css")}</style>
</head>
<body>
<div id="page"><main>
<h1>${title}</h1>
${interrupted ? html`<p><strong>Interrupted: this is what there was by then.</strong></p>` : html``}
${answer(result).map((line) => html`<p>${line}</p>\n`)}
${steps.length < 2 ? html`` : html`<h2>Rates</h2>\n<pre>${steps.map((step) => `${stepLine(step)}\n`).join("")}</pre>`}
<h2>Messages a second</h2><div class="plot" id="messages" role="img" aria-label="Messages sent, accepted, sent again and lost in each second; the figures stand in the table below."></div>
<h2>Waits in ms</h2><div class="plot" id="waits" role="img" aria-label="Median and 99th percentile of the waits for SIP's 200 and for the mrs in each second; the figures stand in the table below."></div>
<h2>Second by second</h2>${secondTable(result)}
</main></div>
<script type="application/json" id="seconds">${jsonMarkup(seconds)}</script>
<script>${packageFile("uplot/dist/uPlot.iife.min.js")}</script>
<script>${ownFile("load-page-plots.js")}</script>
</body>
</html>
`.text;
}

function answer({ cleanRate, limit, steps }: LoadResult): readonly string[] {
  if (cleanRate !== null && limit !== null) return [foundLine({ cleanRate, limit, steps })];
  const last = steps.at(-1);
  return last === undefined ? [] : playedLines(last);
}

const heads = ["second", "sent", "again", "carried", "accepted", "refused", "lost", "held back"];
const waitHeads = ["200 median", "200 99 %", "mrs median", "mrs 99 %"];

function secondTable({ seconds }: LoadResult): Markup {
  const rows = seconds.map((each) => {
    const { second, sent, again, carried, accepted, refused, lost, unsent, carriedIn, acceptedIn } = each;
    const counts = [second + 1, sent, again, carried, accepted, refused, lost, unsent];
    const waits = [carriedIn.medianMs, carriedIn.p99Ms, acceptedIn.medianMs, acceptedIn.p99Ms].map((ms) =>
      ms === 0 ? "–" : ms.toFixed(1),
    );
    return html`<tr>${[...counts, ...waits].map((cell) => html`<td class="number">${cell}</td>`)}</tr>\n`;
  });
  const head = [...heads, ...waitHeads].map((text) => html`<th scope="col">${text}</th>`);
  return html`<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** No text of theirs may end the element that it stands in. */
function packageFile(name: string): Markup {
  return trusted(readFileSync(require.resolve(name), "utf8").replace(/<\/(script|style)/gi, "<\\/$1"));
}

function ownFile(name: string): Markup {
  return trusted(readFileSync(new URL(name, import.meta.url), "utf8"));
}
