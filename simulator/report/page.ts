/** The report as one HTML file that opens without a network: the answer first, then the figures, then how to repeat it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type RunResult, tallyOf } from "../record/run-result.ts";
import { localDate, localMinute } from "../scenario/scenario-clock.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { figuresOf } from "./figures.ts";
import { html, jsonMarkup, type Markup, trusted } from "./html.ts";
import { faultList, hourTable, lateTable, noticeTable, promiseTable, waitTable } from "./page-tables.ts";
import { replayCommand } from "./replay.ts";
import { answerText, texts } from "./texts.ts";

const marks = { passed: "✓", failed: "✗", interrupted: "■" };

export function reportPage(result: RunResult): string {
  const { scenario } = result;
  const passed = result.verdict === "passed";
  // A broken promise is read before the figures, a kept one after them.
  const promises = html`<section><h2>${texts.promises}</h2>${promiseTable(result)}</section>`;
  return html`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${scenario.name}: ${texts[result.verdict]}</title>
<style>${library("uPlot.min.css")}
${own("page.css")}</style>
</head>
<body>
<header>
<p class="kind">${texts.kind} · ${localDate(scenario.startWallMs)}, ${localMinute(scenario.startWallMs)}–${localMinute(scenario.startWallMs + result.virtualMs)}</p>
<h1>${scenario.name}</h1>
<p class="answer ${passed ? "yes" : "no"}"><span class="badge">${marks[result.verdict]} ${texts[result.verdict]}</span> ${answerText(result).replace(/(\d) (?=(?:ms|s|min|h|d)\b)/g, "$1\u00a0")}</p>
${scenario.question === "" ? html`` : html`<p class="about"><strong>${texts.question}</strong> ${scenario.question}</p>`}
${scenario.source === "" ? html`` : html`<p class="about"><strong>${texts.source}</strong> ${scenario.source}</p>`}
</header>
<main>
${tiles(result)}
${passed ? html`` : promises}
<section><h2>${texts.waits}</h2>
<p>${texts.waitsLegend}</p>
<p class="legend"><span class="two">● ${texts.withSecond}</span> <span class="one">○ ${texts.withoutSecond}</span>${neverLegend(result)}</p>
<div class="plot" id="waits" role="img" aria-label="${texts.waitsLegend}"></div>
${waitTable(result)}</section>
<section><h2>${texts.whatWhen}</h2>
${faultList(result)}
<p>${texts.pendingLegend}</p>
<div class="plot" id="pending" role="img" aria-label="${texts.pendingLegend}"></div>
${intakes(result)}</section>
<section><h2>${texts.late}</h2>${lateTable(result)}</section>
<section><h2>${texts.noticesTitle}</h2>${noticeTable(result)}</section>
<section><h2>${texts.pathless}</h2>${hourTable(result)}</section>
${passed ? promises : html``}
<section><h2>${texts.repeat}</h2>${repeat(result)}</section>
</main>
<script type="application/json" id="figures">${jsonMarkup(figuresOf(result))}</script>
<script>${library("uPlot.iife.min.js")}</script>
<script>${own("page-script.js")}</script>
</body>
</html>
`.text;
}

function tiles(result: RunResult): Markup {
  const tally = tallyOf(result);
  const shown: readonly (readonly [number, string, boolean])[] = [
    [result.units.length, texts.units, true],
    [tally.presses, texts.presses, true],
    [tally.accepted, texts.accepted, true],
    [tally.pending, texts.pending, true],
    [tally.lost, texts.lost, tally.lost === 0],
    [tally.falseAccepted, texts.falseAccepted, tally.falseAccepted === 0],
    [tally.duplicates, texts.duplicates, tally.duplicates === 0],
    ...(tally.unheard === 0 ? [] : [[tally.unheard, texts.unheard, true] as const]),
  ];
  const tile = shown.map(
    ([value, label, good]) =>
      html`<li${good ? html`` : html` class="bad"`}><strong>${good ? value : `✗ ${value}`}</strong> ${label}</li>`,
  );
  return html`<ul class="tiles">${tile}</ul>`;
}

function neverLegend(result: RunResult): Markup {
  const never = result.presses.some((press) => press.acceptedMs === null);
  return never ? html` <span class="never">◆ ${texts.notAccepted}</span>` : html``;
}

function intakes(result: RunResult): Markup {
  const figures = figuresOf(result).intakes.map(
    (intake, index) => html`<h3>${texts.receiver} ${intake.name}</h3>
<p class="legend"><span class="one">┅ ${texts.carried}</span> <span class="two">━ ${texts.handedOn}</span></p>
<div class="plot low" id="intake-${index}" role="img" aria-label="${texts.receiver} ${intake.name}"></div>`,
  );
  return html`${figures}`;
}

function repeat(result: RunResult): Markup {
  const others = Object.entries(result.otherReports).map(([kind, count]) => `${count} ${kind}`);
  const { beats } = result;
  return html`<pre>${replayCommand(result)}</pre>
<p>Digest <code>${result.digest}</code>. The same seed and the same commit give the same digest.
${durationText(result.virtualMs)} of virtual time were played in ${durationText(result.wallMs)} with ${result.events} events.
Beside the presses the receivers took ${others.length === 0 ? "no other reports" : `${others.join(", ")} reports`}; of ${beats.sent} heartbeats ${beats.answered} were answered and ${beats.missed} missed.</p>`;
}

function own(name: string): Markup {
  return trusted(readFileSync(new URL(name, import.meta.url), "utf8"));
}

function library(name: string): Markup {
  const path = createRequire(import.meta.url).resolve(`uplot/dist/${name}`);
  return trusted(readFileSync(path, "utf8").trim());
}
