/** The nights as one HTML file that opens without a network: what is bad and since which commit, then each case on each board. */
import { readFileSync } from "node:fs";
import { html, type Markup, trusted } from "../../simulator/report/html.ts";
import { marks, secondsText } from "../run/summary.ts";
import { type Cell, type Night, type Regression, type Trend, trendsOf } from "./nights.ts";

/** Runs of a board that its strip shows, and runs that the list names. */
export const mostShown = 35;
const mostListed = 30;
const shortCommit = 10;

/** `nights`: oldest first, at least one. */
export function historyPage(nights: readonly Night[]): string {
  const boards = [...new Set(nights.map(({ board }) => board))].sort();
  const shown = boards.flatMap((board) => nights.filter((night) => night.board === board).slice(-mostShown));
  const trends = trendsOf(shown);
  const bad = trends.filter(({ regression }) => regression !== undefined);
  const [first, last] = [nights[0], nights.at(-1)];
  // A night that told nothing is no good news.
  const isGood = bad.length === 0 && last?.verdict === "passed";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Livlina on the rig: ${bad.length === 0 ? "nothing is bad" : `${bad.length} bad`}</title>
<style>${styleOf("../../simulator/report/page/tokens.css")}
${styleOf("../../simulator/report/page/page.css")}
${styleOf("page.css")}</style>
</head>
<body>
<header>
<p class="kind">Livlina on the rig · ${dayOf(first)} to ${dayOf(last)}</p>
<h1>Nights on ${boards.length === 1 ? (boards[0] ?? "") : `${boards.length} boards`}</h1>
<p class="answer ${isGood ? "yes" : "no"}"><span class="badge">${isGood ? marks.pass : marks.fail}</span> ${answerOf(trends.length, bad.length, last)}</p>
</header>
<main>
${tiles(nights, trends)}
${bad.length === 0 ? html`` : html`<section><h2>What went bad, and when</h2>${badTable(bad)}</section>`}
${boards.map((board) =>
  boardSection(
    board,
    boards.length > 1,
    trends.filter((each) => each.board === board),
  ),
)}
<section><h2>Runs</h2>${runTable(nights)}</section>
</main>
</body>
</html>
`.text;
}

function answerOf(all: number, bad: number, last: Night | undefined): string {
  if (bad > 0) return `${bad} of ${all} cases ${bad === 1 ? "is" : "are"} bad now.`;
  if (last !== undefined && last.verdict !== "passed")
    return `No case is bad, but the last run was ${last.verdict}. ${last.trouble.split("\n", 1)[0] ?? ""}`.trim();
  return "No case is bad: each passed the last time that it told something, or was flaky at most.";
}

function tiles(nights: readonly Night[], trends: readonly Trend[]): Markup {
  const last = nights.at(-1)?.cases ?? [];
  const count = (verdict: string): number => last.filter((each) => each.verdict === verdict).length;
  const shown: readonly (readonly [number | string, string, boolean])[] = [
    [nights.length, nights.length === 1 ? "run" : "runs", false],
    [trends.length, "cases, each on each board", false],
    [count("pass"), "passed in the last run", false],
    [count("fail"), "failed", count("fail") > 0],
    [count("flaky"), "flaky", count("flaky") > 0],
    [count("blocked"), "blocked", count("blocked") > 0],
    [count("skipped"), "skipped", false],
    [last.filter(({ quarantine }) => quarantine !== "").length, "in quarantine", false],
  ];
  const tile = shown.map(
    ([value, label, isBad]) => html`<li${isBad ? html` class="bad"` : html``}><strong>${value}</strong> ${label}</li>`,
  );
  return html`<ul class="tiles">${tile}</ul>`;
}

function badTable(trends: readonly Trend[]): Markup {
  const rows = trends.map(({ id, board, cells, regression }) =>
    regression === undefined
      ? html``
      : html`<tr><th scope="row">${id}</th><td>${board}</td><td>${commitOf(regression.firstBad)}<br><span class="note">${dayOf(regression.firstBad)}</span></td>
<td>${regression.lastGood === undefined ? "never passed" : html`${commitOf(regression.lastGood)}<br><span class="note">${dayOf(regression.lastGood)}</span>`}</td>
<td class="number">${regression.badRuns}</td><td>${whyOf(cells)}${regression.isSameCommit ? html`<br><span class="note">This commit has passed before: look at rig and chance first.</span>` : html``}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="What went bad"><table class="nights"><thead><tr><th>Case</th><th>Board</th><th>First bad commit</th><th>Last good</th><th class="number">Bad runs</th><th>What it says now</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="note">Of the commits that were run: those between the last good and the first bad one were not.</p>`;
}

function whyOf(cells: readonly Cell[]): Markup {
  const last = cells.findLast(({ result }) => result?.verdict === "fail")?.result;
  if (last === undefined) return html``;
  return last.artefacts === "" ? html`${last.why}` : html`${last.why} <a href="${last.artefacts}/">artefacts</a>`;
}

function boardSection(board: string, isNamed: boolean, trends: readonly Trend[]): Markup {
  const isRun = ({ cells }: Trend): boolean =>
    cells.some(({ result }) => result !== undefined && result.verdict !== "skipped");
  const never = trends.filter((trend) => !isRun(trend)).map(({ id }) => id);
  const rows = trends.filter(isRun).map((trend) => {
    const { id, cells, passPercent, blocked, middleMs, regression } = trend;
    const rate = passPercent === undefined ? "–" : `${Math.floor(passPercent)} %`;
    return html`<tr><th scope="row">${id}${quarantineNote(cells)}</th><td>${strip(cells, regression)}</td>
<td class="number${passPercent !== undefined && passPercent < 100 ? " bad" : ""}">${rate}${blocked === 0 ? html`` : html`<br><span class="note">${blocked} blocked</span>`}</td>
<td class="number">${middleMs === undefined ? "–" : secondsText(middleMs)}${slower(trend)}</td><td>${line(cells)}</td></tr>`;
  });
  return html`<section><h2>Each case, run by run${isNamed ? html`: ${board}` : html``}</h2>
<p class="legend"><span>${marks.pass} passed</span> <span>${marks.flaky} passed when run once more</span> <span>${marks.fail} failed</span> <span>${marks.blocked} blocked: the rig could not tell</span> <span>${marks.skipped} skipped</span></p>
<div class="wide" tabindex="0" role="region" aria-label="Each case, run by run"><table class="nights"><thead><tr><th>Case</th><th class="number">The newest run is on the right</th><th class="number">Passed</th><th class="number">Takes</th><th>Time</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="note">Passed: of the runs that told something, those with a pass at the first attempt. A framed run is the first bad one.</p>${never.length === 0 ? html`` : html`<p class="note">Always skipped here: ${never.join(", ")}.</p>`}</section>`;
}

/** So many times the middle of so many runs is worth a look. */
const slowFactor = 1.5;
const slowRuns = 5;

function slower({ cells, middleMs }: Trend): Markup {
  const last =
    cells.findLast(({ result }) => result?.verdict === "pass" || result?.verdict === "flaky")?.result?.ms ?? 0;
  if (middleMs === undefined || cells.length < slowRuns || last <= slowFactor * middleMs) return html``;
  return html`<br><span class="note">now ${secondsText(last)}</span>`;
}

function quarantineNote(cells: readonly Cell[]): Markup {
  const owner = cells.at(-1)?.result?.quarantine ?? "";
  return owner === "" ? html`` : html`<br><span class="note">in quarantine (${owner})</span>`;
}

function strip(cells: readonly Cell[], regression: Regression | undefined): Markup {
  const items = cells.map(({ night, result }) => {
    const verdict = result?.verdict ?? "none";
    const mark = result === undefined ? "·" : marks[result.verdict];
    const isFirst = regression?.firstBad === night;
    const title = `${dayOf(night)} ${night.commit.slice(0, shortCommit)}: ${verdict === "none" ? "not run" : verdict}${result === undefined || result.why === "" ? "" : `: ${result.why}`}`;
    const artefacts = result?.artefacts ?? "";
    const inner = artefacts === "" ? html`${mark}` : html`<a href="${artefacts}/">${mark}</a>`;
    return html`<li class="${verdict}${isFirst ? " first-bad" : ""}" title="${title}">${inner}</li>`;
  });
  return html`<ol class="strip">${items}</ol>`;
}

const lineWidth = 120;
const lineHeight = 26;

/** Durations of passes and flaky ones from 0 up, so that a line near the floor is a quick case. */
function line(cells: readonly Cell[]): Markup {
  const values = cells.map(({ result }) =>
    result !== undefined && (result.verdict === "pass" || result.verdict === "flaky") ? result.ms : undefined,
  );
  const known = values.filter((ms) => ms !== undefined);
  if (known.length < 2) return html``;
  const most = Math.max(1, ...known);
  const step = lineWidth / Math.max(1, values.length - 1);
  const points = values.flatMap((ms, at) =>
    ms === undefined
      ? []
      : [`${(at * step).toFixed(1)},${(lineHeight - 2 - (ms / most) * (lineHeight - 4)).toFixed(1)}`],
  );
  const told = `from ${secondsText(Math.min(...known))} to ${secondsText(most)}`;
  return html`<svg class="line" width="${lineWidth}" height="${lineHeight}" viewBox="0 0 ${lineWidth} ${lineHeight}" role="img" aria-label="${told}"><title>${told}</title><polyline points="${points.join(" ")}"/></svg>`;
}

function runTable(nights: readonly Night[]): Markup {
  const rows = nights
    .slice(-mostListed)
    .reverse()
    .map((night) => {
      const count = (verdict: string): number => night.cases.filter((each) => each.verdict === verdict).length;
      const counts = (["pass", "flaky", "fail", "blocked", "skipped"] as const).map(
        (verdict) => html`<td class="number">${count(verdict)}</td>`,
      );
      const isGood = night.verdict === "passed";
      return html`<tr><th scope="row">${night.at.slice(0, 16).replace("T", " ")}${night.isNightly ? html`` : html` <span class="note">by hand</span>`}</th><td>${night.board}</td><td>${commitOf(night)}</td><td class="${isGood ? "held" : "broken"}">${night.verdict}</td>${counts}<td class="number">${secondsText(night.wallMs)}</td><td>${night.trouble.split("\n", 1)[0] ?? ""}</td></tr>`;
    });
  const left =
    nights.length > mostListed ? html`<p class="note">The newest ${mostListed} of ${nights.length}.</p>` : html``;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Runs"><table><thead><tr><th>Begun (UTC)</th><th>Board</th><th>Commit</th><th>Verdict</th><th class="number">Passed</th><th class="number">Flaky</th><th class="number">Failed</th><th class="number">Blocked</th><th class="number">Skipped</th><th class="number">Took</th><th>Trouble</th></tr></thead><tbody>${rows}</tbody></table></div>${left}`;
}

function commitOf({ commit }: Night): Markup {
  const [name = "", ...rest] = commit.split(" ");
  return html`<code>${name === "" ? "no commit" : name.slice(0, shortCommit)}</code>${rest.length === 0 ? html`` : html` <span class="note">${rest.join(" ")}</span>`}`;
}

function dayOf(night: Night | undefined): string {
  return night?.at.slice(0, 10) ?? "";
}

function styleOf(path: string): Markup {
  return trusted(readFileSync(new URL(path, import.meta.url), "utf8"));
}
