/** The whole page but its frame: the answer first, then what happened, then how to repeat it. */

import { localDate, localMinute } from "../../scenario/scenario-clock.ts";
import { html, type Markup } from "../html.ts";
import { lanes } from "../ladder.ts";
import { answerOfView } from "./answer.ts";
import { pathSection } from "./en50136.ts";
import { clockOf } from "./format.ts";
import { drawLadder } from "./ladder-drawing.ts";
import { intakePlot, timelinePlot, waitPlot } from "./plots.ts";
import {
  delayTable,
  lateTable,
  noticeTable,
  peopleTable,
  promiseTables,
  routeTable,
  spreadTable,
  stateTable,
} from "./tables.ts";
import { catalogue, languages, type Texts } from "./texts.ts";
import type { ReportView } from "./view.ts";

const marks = { passed: "✓", failed: "✗", interrupted: "■" } as const;
const fates = ["arrived", "lost", "refused"] as const;

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

/** `width`: room for drawings, in pixels. */
export function body(view: ReportView, texts: Texts, width: number): Markup {
  const sections = sectionsOf(view, texts, width);
  return html`<a class="skip" href="#content">${texts.skip}</a>
${header(view, texts)}
<main id="content" tabindex="-1">
${tiles(view, texts)}
<nav aria-label="${texts.contents}"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
${sections.map(({ id, title, content }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>\n`)}
</main>`;
}

/** The ladder of the late alarm at that place. */
export function ladderAt(view: ReportView, place: number, texts: Texts, width: number): Markup {
  const late = view.late[place];
  if (late === undefined) return html``;
  const { pressedMs } = late;
  const hops = late.hops.map(([afterMs, tookMs, from, to, what, detail, fate]) => ({
    atMs: pressedMs + afterMs,
    tookMs,
    from: lanes[from] ?? "unit",
    to: lanes[to] ?? "unit",
    what,
    detail: view.details[detail] ?? "",
    fate: fates[fate],
  }));
  return drawLadder({ lanes: late.lanes, hops, pressedMs }, texts, view.scenario.startWallMs, width);
}

function header(view: ReportView, texts: Texts): Markup {
  const { scenario, run, verdict } = view;
  const { startWallMs, name, question, source } = scenario;
  const endMs = startWallMs + run.virtualMs;
  const until =
    localDate(endMs) === localDate(startWallMs) ? localMinute(endMs) : `${localDate(endMs)} ${localMinute(endMs)}`;
  const about = (title: string, text: string): Markup =>
    text === "" ? html`` : html`<p class="about"><strong>${title}</strong> <span lang="en">${text}</span></p>`;
  const choices = languages.map((language) => {
    const pressed = language === texts.language ? "true" : "false";
    return html`<button type="button" lang="${language}" data-language="${language}" aria-pressed="${pressed}">${catalogue(language).name}</button>`;
  });
  return html`<header>
<div class="languages" role="group" aria-label="${texts.languageSwitch}">${choices}</div>
<p class="kind">${texts.kind} · ${run.isCoarse ? html`<strong>${texts.coarse}</strong> · ` : html``}${localDate(startWallMs)}, ${localMinute(startWallMs)}–${until}</p>
<h1 lang="en">${name}</h1>
<p class="answer ${verdict === "passed" ? "yes" : "no"}"><span class="badge">${marks[verdict]} ${texts.verdicts[verdict]}</span> ${answerOfView(view, texts)}</p>
${about(texts.question, question)}${about(texts.source, source)}
<noscript><p>${texts.noScript}</p></noscript>
</header>`;
}

function tiles({ answer }: ReportView, texts: Texts): Markup {
  const good = ["units", "presses", "accepted", "pending"] as const;
  const bad = ["lost", "toldWrongly", "duplicates"] as const;
  const tile = (key: keyof Texts["tiles"], isBad: boolean): Markup =>
    html`<li${isBad ? html` class="bad"` : html``}><strong>${isBad ? "✗ " : ""}${texts.format.count(answer[key])}</strong> ${texts.tiles[key]}</li>`;
  const shown = [
    ...good.map((key) => tile(key, false)),
    tile("late", false),
    tile("pathless", false),
    ...bad.map((key) => tile(key, answer[key] > 0)),
    tile("unheard", false),
  ];
  return html`<h2 class="unseen">${texts.tilesTitle}</h2><ul class="tiles">${shown}</ul>`;
}

function sectionsOf(view: ReportView, texts: Texts, width: number): readonly Section[] {
  const promises = { id: "promises", title: texts.promises, content: promiseTables(view, texts) };
  const passed = view.verdict === "passed";
  return [
    // A broken promise is read before the figures, a kept one after them.
    ...(passed ? [] : [promises]),
    { id: "timeline", title: texts.timeline, content: timeline(view, texts, width) },
    { id: "waits", title: texts.waits, content: waits(view, texts, width) },
    {
      id: "late",
      title: texts.late,
      content: view.late.length === 0 ? html`<p>${texts.lateNone}</p>` : lateTable(view, texts),
    },
    { id: "routes", title: texts.routes, content: routeTable(view, texts) },
    { id: "intake", title: texts.intake, content: intake(view, texts, width) },
    { id: "notices", title: texts.notices, content: noticeTable(view, texts) },
    { id: "people", title: texts.people, content: peopleTable(view, texts) },
    { id: "state", title: texts.state, content: stateTable(view, texts) },
    { id: "path", title: texts.path, content: pathSection(view, texts) },
    ...(passed ? [promises] : []),
    { id: "repeat", title: texts.repeat, content: repeat(view, texts) },
  ];
}

function timeline(view: ReportView, texts: Texts, width: number): Markup {
  const clock = (atMs: number): string => clockOf(view.scenario.startWallMs, atMs, view.run.virtualMs);
  const rows = view.faults.map(({ fromMs, toMs, object, name, fault, units, noticedAfterMs }) => {
    const hit = units === null ? "" : ` (${texts.unitsOf(units)})`;
    const said = noticedAfterMs === null ? texts.notNoticed : texts.noticedAfter(noticedAfterMs);
    return html`<li><strong>${clock(fromMs)}–${clock(toMs)}</strong> ${texts.fault(object, name, fault)}${hit}; ${said}</li>`;
  });
  const faults = rows.length === 0 ? html`<p>${texts.noFaults}</p>` : html`<ul class="faults">${rows}</ul>`;
  return html`<p>${texts.timelineLegend}</p>${timelinePlot(view, texts, width)}<h3>${texts.faultsTitle}</h3>${faults}`;
}

function waits(view: ReportView, texts: Texts, width: number): Markup {
  const signs = { two: "●", one: "○", never: "◆" } as const;
  const legend = view.waits
    .filter(({ marks: points }) => points.length > 0)
    .map(({ kind }) => html`<span class="${kind}">${signs[kind]} ${texts.waitKinds[kind]}</span> `);
  return html`<p>${texts.waitsLegend}</p><p class="legend">${legend}</p>${waitPlot(view, texts, width)}
<h3>${texts.delays}</h3><p class="legend">${texts.delaysLegend}</p>${delayTable(view, texts)}
<h3>${texts.spread}</h3>${spreadTable(view, texts)}`;
}

function intake(view: ReportView, texts: Texts, width: number): Markup {
  const each = view.intakes.map((one) => {
    const { name, messages, busiest, busiestAtMs, limit } = one;
    const clock = busiestAtMs === null ? "" : clockOf(view.scenario.startWallMs, busiestAtMs, view.run.virtualMs);
    return html`<h3>${texts.receiver} ${name}</h3><p>${texts.intakeSaid(messages, busiest, clock)}</p>
<p class="legend">${texts.intakeLegend(limit === null ? texts.intakeNoLimit : texts.intakeLimit(limit))}</p>${intakePlot(one, view, texts, width)}`;
  });
  return html`${each}`;
}

function repeat({ run }: ReportView, texts: Texts): Markup {
  const { command, digest, virtualMs, wallMs, events } = run;
  return html`<pre tabindex="0">${command}</pre>
<p>${texts.digest}: <code>${digest}</code>. ${texts.repeatSaid(virtualMs, wallMs, events)}</p><p>${texts.files}</p>`;
}
