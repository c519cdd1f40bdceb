/** The page of a fleet but its frame: the answer first, then what happened in all towns together, then how to repeat it. */
import { html, type Markup } from "../../report/html.ts";
import { clockOf } from "../../report/page/format.ts";
import { spreadTable, table } from "../../report/page/tables.ts";
import { localDate, localMinute } from "../../scenario/scenario-clock.ts";
import { curvePlot } from "./plot.ts";
import { catalogue, type FleetTexts, languages } from "./texts.ts";
import type { FleetView } from "./view.ts";

const marks = { passed: "✓", failed: "✗" } as const;

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

/** `width`: room for drawings, in pixels. */
export function body(view: FleetView, texts: FleetTexts, width: number): Markup {
  const sections = sectionsOf(view, texts, width);
  return html`<a class="skip" href="#content">${texts.skip}</a>
${header(view, texts)}
<main id="content" tabindex="-1">
${tiles(view, texts)}
<nav aria-label="${texts.contents}"><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
${sections.map(({ id, title, content }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>\n`)}
</main>`;
}

function header(view: FleetView, texts: FleetTexts): Markup {
  const { startWallMs, durationMs, name, question, source } = view.fleet;
  const endMs = startWallMs + durationMs;
  const about = (title: string, text: string): Markup =>
    text === "" ? html`` : html`<p class="about"><strong>${title}</strong> <span lang="en">${text}</span></p>`;
  const choices = languages.map((language) => {
    const pressed = language === texts.language ? "true" : "false";
    return html`<button type="button" lang="${language}" data-language="${language}" aria-pressed="${pressed}">${catalogue(language).name}</button>`;
  });
  return html`<header>
<div class="languages" role="group" aria-label="${texts.languageSwitch}">${choices}</div>
<p class="kind">${texts.kindOfFleet} · ${localDate(startWallMs)} ${localMinute(startWallMs)} – ${localDate(endMs)} ${localMinute(endMs)}</p>
<h1 lang="en">${name}</h1>
<p class="answer ${view.verdict === "passed" ? "yes" : "no"}"><span class="badge">${marks[view.verdict]} ${texts.verdicts[view.verdict]}</span> ${texts.saidOfFleet(view)}</p>
${about(texts.question, question)}${about(texts.source, source)}
<noscript><p>${texts.noScript}</p></noscript>
</header>`;
}

function tiles(view: FleetView, texts: FleetTexts): Markup {
  const tile = (value: number, text: string, isBad = false): Markup =>
    html`<li${isBad ? html` class="bad"` : html``}><strong>${isBad ? "✗ " : ""}${texts.format.count(value)}</strong> ${text}</li>`;
  const bad = (value: number, text: string): Markup => tile(value, text, value > 0);
  const shown = [
    tile(view.towns, texts.towns),
    tile(view.units, texts.tiles.units),
    tile(view.presses, texts.tiles.presses),
    tile(view.accepted, texts.tiles.accepted),
    tile(view.pending, texts.tiles.pending),
    bad(view.lost, texts.tiles.lost),
    bad(view.falseAccepted, texts.tiles.toldWrongly),
    bad(view.duplicates, texts.tiles.duplicates),
    tile(view.unheard, texts.tiles.unheard),
    bad(view.broken.length, texts.brokenTowns.toLowerCase()),
  ];
  return html`<h2 class="unseen">${texts.tilesTitle}</h2><ul class="tiles">${shown}</ul>`;
}

function sectionsOf(view: FleetView, texts: FleetTexts, width: number): readonly Section[] {
  const promises = { id: "promises", title: texts.promises, content: judged(view, texts) };
  const failed = { id: "failed", title: texts.failed, content: failedTowns(view, texts) };
  const passed = view.verdict === "passed";
  return [
    // What is broken is read before the figures, what is kept after them.
    ...(passed ? [] : [promises, failed]),
    { id: "hours", title: texts.byHour, content: hours(view, texts, width) },
    { id: "waits", title: texts.waits, content: waits(view, texts) },
    { id: "outages", title: texts.outages, content: outages(view, texts) },
    { id: "routes", title: texts.routes, content: routes(view, texts) },
    ...(passed ? [promises] : []),
    { id: "repeat", title: texts.repeatFleet, content: repeat(view, texts) },
  ];
}

function hours(view: FleetView, texts: FleetTexts, width: number): Markup {
  const clock = (atMs: number): string => clockOf(view.fleet.startWallMs, atMs, view.fleet.durationMs);
  const rows = view.faults.map(
    ({ fromMs, toMs, object, name, fault }) =>
      html`<li><strong>${clock(fromMs)}–${clock(toMs)}</strong> ${texts.fault(object, name, fault)}</li>`,
  );
  const faults = rows.length === 0 ? html`<p>${texts.noFaults}</p>` : html`<ul class="faults">${rows}</ul>`;
  const without = { points: view.withoutPath, axis: texts.withoutPath, legend: texts.byHourLegend, hasFaults: true };
  const waiting = { points: view.waiting, axis: texts.waitingAlarms, legend: texts.waitingLegend, hasFaults: false };
  return html`<p>${texts.byHourLegend}</p>${curvePlot(view, texts, without, width)}
<h3>${texts.faultsTitle}</h3>${faults}
<p>${texts.waitingLegend}</p>${curvePlot(view, texts, waiting, width)}`;
}

function waits(view: FleetView, texts: FleetTexts): Markup {
  const { percentiles, slowest, fleet } = view;
  const times =
    percentiles === null
      ? []
      : [percentiles.p50Ms, percentiles.p95Ms, percentiles.p99Ms, percentiles.p999Ms, percentiles.maxMs];
  const row = html`<tr>${times.map((ms) => html`<td>${texts.format.duration(ms)}</td>`)}</tr>`;
  const presses = slowest.map(({ town, unit, pressedMs, acceptedMs }) => {
    const waited = acceptedMs === null ? texts.never : texts.format.duration(acceptedMs - pressedMs);
    return html`<tr><td class="number">${town}</td><td>${unit}</td><td>${clockOf(fleet.startWallMs, pressedMs, fleet.durationMs)}</td><td class="number">${waited}</td></tr>`;
  });
  return html`${table(texts.delays, percentiles === null ? [] : texts.percentiles, percentiles === null ? [] : [row], [])}
<h3>${texts.spread}</h3>${spreadTable(view, texts)}
<h3>${texts.slowestPresses}</h3>${table(texts.slowestPresses, [texts.town, texts.unit, texts.pressedAt, texts.waited], presses, [0, 3])}`;
}

function outages(view: FleetView, texts: FleetTexts): Markup {
  if (view.outages.length === 0) return html`<p>${texts.outagesNone}</p>`;
  const { startWallMs, durationMs } = view.fleet;
  const clock = (atMs: number): string => clockOf(startWallMs, atMs, durationMs);
  const rows = view.outages.map(
    ({ cause, subject, towns, outages: count, firstMs, lastMs }) =>
      html`<tr><td>${texts.causes[cause] ?? cause}</td><td>${subject === "" ? "–" : subject}</td><td class="number">${texts.format.count(towns)}</td><td class="number">${texts.format.count(count)}</td><td>${clock(firstMs)}</td><td>${clock(lastMs)}</td></tr>`,
  );
  return html`<p>${texts.outagesLegend}</p>${table(texts.outages, texts.outageHeads, rows, [2, 3])}`;
}

function routes({ byRoute, beats }: FleetView, texts: FleetTexts): Markup {
  const all = byRoute.mobile + byRoute.broadband;
  const rows = (["mobile", "broadband"] as const).map((route) => {
    const share = all === 0 ? "–" : texts.format.percent(Math.round((byRoute[route] * 1_000_000) / all));
    return html`<tr><th scope="row">${texts.routeNames[route]}</th><td class="number">${texts.format.count(byRoute[route])}</td><td class="number">${share}</td></tr>`;
  });
  return html`${table(texts.routes, [texts.route, texts.alarms, texts.share], rows, [1, 2])}
<p>${texts.beatsSaid(beats.sent, beats.answered, beats.missed)}</p>`;
}

function judged({ checks, expectations, promises }: FleetView, texts: FleetTexts): Markup {
  const verdict = (held: boolean): Markup =>
    held ? html`<span class="held">✓ ${texts.held}</span>` : html`<span class="broken">✗ ${texts.broken}</span>`;
  const inTowns = (found: FleetView["checks"][number]["found"]): Markup =>
    html`${found.map(({ town, text }) => html`<br>${texts.town} ${town}: <span lang="en">${text}</span>`)}`;
  const group = (title: string, rows: readonly Markup[]): Markup =>
    rows.length === 0
      ? html``
      : html`<h3>${title}</h3>${table(title, [texts.verdict, texts.promise, texts.found], rows, [])}`;
  const ofFleet = promises.map(
    ({ text, held, found }) =>
      html`<tr><td>${verdict(held)}</td><td lang="en">${text}</td><td lang="en">${found}</td></tr>`,
  );
  const ofTown = expectations.map(
    ({ text, held, towns, found }) =>
      html`<tr><td>${verdict(held)}</td><td lang="en">${text}</td><td>${texts.inTowns(towns)}${inTowns(found)}</td></tr>`,
  );
  const always = checks.map(({ checker, rule, held, towns, found }) => {
    const known = texts.checks[checker];
    const name = known === undefined ? html`<td lang="en">${rule}</td>` : html`<td>${known}</td>`;
    return html`<tr><td>${verdict(held)}</td>${name}<td>${texts.inTowns(towns)}${inTowns(found)}</td></tr>`;
  });
  return html`${group(texts.ofFleet, ofFleet)}${group(texts.ofTown, ofTown)}${group(texts.checkedAlways, always)}`;
}

function failedTowns({ failed, failedTowns: all, broken }: FleetView, texts: FleetTexts): Markup {
  const commands = failed.map(({ town, command }) => `# ${texts.town} ${town}\n${command}`).join("\n");
  const rows = broken.map(
    ({ town, why }) => html`<tr><td class="number">${town}</td><td lang="en">${why.split("\n")[0] ?? ""}</td></tr>`,
  );
  return html`${all === 0 ? html`` : html`<p>${texts.failedSaid(failed.length, all)}</p><pre tabindex="0">${commands}</pre>`}
${rows.length === 0 ? html`` : html`<h3>${texts.brokenTowns}</h3>${table(texts.brokenTowns, [texts.town, texts.why], rows, [0])}`}`;
}

function sampled({ sample, fleet }: FleetView, texts: FleetTexts): Markup {
  const coarse = fleet.modem === "bytes" ? html`` : html`<p>${texts.coarse}</p>`;
  if (sample === null) return coarse;
  const found = sample.found.map(
    ({ town, text }) => html`<li>${texts.town} ${town}: <span lang="en">${text}</span></li>`,
  );
  return html`${coarse}<p>${texts.sample}: ${texts.sampleSaid(sample.towns, sample.differing)}</p>${found.length === 0 ? html`` : html`<ul>${found}</ul>`}`;
}

function repeat(view: FleetView, texts: FleetTexts): Markup {
  const { digest, code, cost } = view;
  const rows = cost.processes.map(
    ({ by, towns, cpuMs }) =>
      html`<tr><th scope="row">${by}</th><td class="number">${texts.format.count(towns)}</td><td class="number">${texts.format.duration(cpuMs)}</td></tr>`,
  );
  return html`<pre tabindex="0">${view.command}</pre>
${sampled(view, texts)}
<p>${texts.digest}: <code>${digest}</code>. ${texts.codeSaid} <code>${code}</code>.</p>
<p>${texts.costSaid(cost.wallMs, cost.cpuMs, cost.peakBytes)} ${texts.filesOfFleet}</p>
${table(texts.repeatFleet, [texts.process, texts.towns, texts.processorTime], rows, [1, 2])}`;
}
