/** The tables of the report page. Wide ones scroll in a frame of their own, which a keyboard can reach. */
import { html, type Markup } from "../html.ts";
import { clockOf } from "./format.ts";
import { delayScale } from "./plots.ts";
import type { Texts } from "./texts.ts";
import type { DelayRow, NamedUnits, Promised, ReportView } from "./view.ts";

/** `numbers`: columns that stand at the right; the first cell of a row is its head where `heads[0]` says so. */
export function table(
  title: string,
  heads: readonly string[],
  rows: readonly Markup[],
  numbers: readonly number[],
): Markup {
  const cells = heads.map((head, index) =>
    numbers.includes(index)
      ? html`<th scope="col" class="number">${sentence(head)}</th>`
      : html`<th scope="col">${sentence(head)}</th>`,
  );
  return html`<div class="wide" role="region" tabindex="0" aria-label="${title}"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function more(count: number, texts: Texts): Markup {
  return count > 0 ? html`<p>${texts.more(count)}</p>` : html``;
}

/** Broken ones first; what the scenario's own author wrote is in English whatever the page is in. */
export function promiseTables(view: ReportView, texts: Texts): Markup {
  const all = [...view.promises, ...view.checks];
  const heads = [texts.verdict, texts.promise, texts.found];
  const group = (title: string, rows: readonly Promised[]): Markup =>
    rows.length === 0
      ? html``
      : html`<h3>${title}</h3>${table(
          title,
          heads,
          brokenFirst(rows).map((each) => verdictRow(each, texts)),
          [],
        )}`;
  const kept = all.filter(({ held }) => held).length;
  return html`<p>${texts.promisesKept(kept, all.length)} ${texts.inEnglish}</p>
${group(texts.ofScenario, view.promises)}${group(texts.checkedAlways, view.checks)}`;
}

function brokenFirst(promises: readonly Promised[]): readonly Promised[] {
  return [...promises.filter(({ held }) => !held), ...promises.filter(({ held }) => held)];
}

function verdictRow({ checker, text, held, found }: Promised, texts: Texts): Markup {
  const mark = held
    ? html`<span class="held">✓ ${texts.held}</span>`
    : html`<span class="broken">✗ ${texts.broken}</span>`;
  const known = texts.checks[checker];
  const promise = known === undefined ? html`<td lang="en">${sentence(text)}</td>` : html`<td>${sentence(known)}</td>`;
  const what =
    checker !== "" && held
      ? html`<td>${sentence(texts.noViolation)}</td>`
      : html`<td lang="en">${sentence(found)}</td>`;
  return html`<tr><td>${mark}</td>${promise}${what}</tr>\n`;
}

export function delayTable(view: ReportView, texts: Texts): Markup {
  const longest = view.delays.reduce((most, { maxMs }) => Math.max(most, maxMs ?? 0), 0);
  const cell = (ms: number | null): Markup =>
    html`<td class="number">${ms === null ? "–" : texts.format.duration(ms)}</td>`;
  const rows = view.delays.map((row) => {
    const { presses, accepted, p50Ms, p95Ms, p99Ms, maxMs } = row;
    const name = sentence(groupName(row, view, texts));
    return html`<tr><th scope="row">${name}</th><td class="number">${texts.format.count(presses)}</td><td class="number">${texts.format.count(accepted)}</td>
${cell(p50Ms)}${cell(p95Ms)}${cell(p99Ms)}${cell(maxMs)}<td>${delayScale(row, longest, name)}</td></tr>\n`;
  });
  const heads = [
    texts.whose,
    texts.tiles.presses,
    texts.accepted,
    texts.half,
    texts.p95,
    texts.p99,
    texts.slowest,
    texts.scale,
  ];
  return table(texts.delays, heads, rows, [1, 2, 3, 4, 5, 6]);
}

function groupName({ group }: DelayRow, view: ReportView, texts: Texts): string {
  const fault = group.by === "fault" ? view.faults[group.fault] : undefined;
  return texts.group(group, fault === undefined ? "" : texts.fault(fault.object, fault.name, fault.fault));
}

export function spreadTable(view: Pick<ReportView, "spread">, texts: Texts): Markup {
  const most = view.spread.reduce((high, { count }) => Math.max(high, count), 1);
  const rows = view.spread.map(({ toMs, count }) => {
    const kind = toMs !== null && toMs <= 60_000 ? "bar" : "bar late-bar";
    const share = String(Math.round((count * 1000) / most) / 10);
    const bar = count === 0 ? html`` : html`<span class="${kind}" style="width:${share}%"></span>`;
    return html`<tr><th scope="row" class="number">${toMs === null ? texts.longer : texts.upTo(toMs)}</th><td class="number">${texts.format.count(count)}</td>
<td class="bars">${bar}</td></tr>\n`;
  });
  return html`<div class="spread" role="region" tabindex="0" aria-label="${texts.spread}"><table><tbody>${rows}</tbody></table></div>`;
}

/** Each late alarm in a row; its ladder is drawn when it is asked for. */
export function lateTable(view: ReportView, texts: Texts): Markup {
  const clock = (atMs: number | null, otherwise: string): string =>
    atMs === null ? otherwise : clockOf(view.scenario.startWallMs, atMs, view.run.virtualMs);
  const heads = [
    texts.ladder,
    texts.pressedAt,
    texts.waited,
    texts.unit,
    texts.provider,
    texts.told,
    texts.acceptedAt,
    texts.receiver,
    texts.attempts,
  ];
  const rows = view.late.map((each, index) => {
    const { unit, provider, pressedMs, acceptedMs, waitedMs, toldMs, receiver, attempts } = each;
    const name = texts.ladderOf(unit, clock(pressedMs, ""));
    return html`<tr><td><button type="button" class="opener" aria-expanded="false" aria-controls="ladder-${index}" data-ladder="${index}" aria-label="${name}"><span aria-hidden="true">▸</span></button></td>
<td>${clock(pressedMs, "")}</td><td class="number">${texts.format.duration(waitedMs)}</td><th scope="row">${unit}</th><td>${provider}</td>
<td>${clock(toldMs, texts.untold)}</td><td>${clock(acceptedMs, texts.never)}</td><td>${receiver ?? "–"}</td><td class="number">${texts.format.count(attempts)}</td></tr>
<tr class="ladder-row" hidden><td colspan="9" id="ladder-${index}" class="ladder"></td></tr>\n`;
  });
  return html`<p>${texts.lateIntro(view.answer.late, view.answer.presses)}</p><p class="legend">${texts.ladderLegend}</p>
${table(texts.late, heads, rows, [2, 8])}${more(view.lateLeftOut, texts)}`;
}

export function routeTable(view: ReportView, texts: Texts): Markup {
  if (view.routes.length === 0) return html`<p>${texts.routesNone}</p>`;
  const all = view.routes.reduce((sum, { alarms }) => sum + alarms, 0);
  const rows = view.routes.map(({ route, receiver, alarms, others }) => {
    const share = all === 0 ? 0 : Math.round((alarms * 1000) / all) / 10;
    return html`<tr><th scope="row">${sentence(texts.routeNames[route])} → ${receiver}</th><td class="number">${texts.format.count(alarms)}</td>
<td class="bars"><span class="bar" style="width:${String(share)}%"></span> ${texts.format.decimal(share)} %</td><td class="number">${texts.format.count(others)}</td></tr>\n`;
  });
  return html`<p>${texts.routesLegend}</p>${table(texts.routes, [texts.route, texts.alarms, texts.share, texts.others], rows, [1, 3])}`;
}

export function peopleTable(view: ReportView, texts: Texts): Markup {
  if (view.hours.length === 0) return html`<p>${texts.peopleNone}</p>`;
  const number = (value: number): Markup => html`<td class="number">${texts.format.count(value)}</td>`;
  const rows = view.hours.map(({ atMs, units, byProvider, pending, names, namesLeftOut }) => {
    const rest = namesLeftOut > 0 ? ` … ${texts.more(namesLeftOut)}` : "";
    return html`<tr><th scope="row">${clockOf(view.scenario.startWallMs, atMs, view.run.virtualMs).slice(0, -3)}</th>${number(units)}${byProvider.map(number)}${number(pending)}
<td><details><summary>${texts.unitsOf(units)}</summary><p class="names">${names.join(", ")}${rest}</p></details></td></tr>\n`;
  });
  const heads = [texts.hour, texts.units, ...view.providers, texts.withPending, texts.who];
  const numbers = [1, ...view.providers.map((_, index) => index + 2), view.providers.length + 2];
  return html`<p>${texts.peopleLegend}</p>${table(texts.people, heads, rows, numbers)}`;
}

export function noticeTable(view: ReportView, texts: Texts): Markup {
  if (view.notices.length === 0) return html`<p>${texts.noticesNone}</p>`;
  const rows = view.notices.map(
    ({ atMs, phase, cause, subject, units, evidence }) =>
      html`<tr><td>${clockOf(view.scenario.startWallMs, atMs, view.run.virtualMs)}</td><td>${sentence(texts.phases[phase])}</td><td>${texts.causes[cause] ?? cause} ${subject}</td>
<td class="number">${texts.format.count(units)}</td><td lang="en">${evidence}</td></tr>\n`,
  );
  const heads = [texts.time, texts.phase, texts.subject, texts.affected, texts.evidence];
  return html`${table(texts.notices, heads, rows, [3])}${more(view.noticesLeftOut, texts)}`;
}

export function stateTable({ state }: ReportView, texts: Texts): Markup {
  const keys = ["unverified", "missingTests", "batteryLow", "buttonBatteryLow", "withoutMains", "off"] as const;
  const rows = keys.map(
    (key) => html`<tr><th scope="row">${texts.states[key]}</th>${namedCells(state[key], texts)}</tr>\n`,
  );
  const { testsAccepted, testsOpen, testsDue, beats } = state;
  const reports = state.reports.map(
    ({ name, raised, accepted }) =>
      html`<tr><th scope="row">${sentence(texts.reportWords[name] ?? name.replace(/-/g, " "))}</th><td class="number">${texts.format.count(raised)}</td><td class="number">${texts.format.count(accepted)}</td></tr>\n`,
  );
  const others =
    reports.length === 0
      ? html``
      : html`<h3>${texts.reports}</h3>${table(texts.reports, [texts.report, texts.raised, texts.accepted], reports, [1, 2])}`;
  return html`<p>${texts.stateLegend} ${texts.testsSaid(testsAccepted, testsOpen)} ${testsDue ? "" : texts.testsNotDue} ${texts.beatsSaid(beats.sent, beats.answered, beats.missed)}</p>
${table(texts.state, [texts.phase, texts.units, texts.who], rows, [1])}${others}`;
}

function namedCells({ count, names }: NamedUnits, texts: Texts): Markup {
  if (count === 0) return html`<td class="number">0</td><td>${texts.none}</td>`;
  const rest = count > names.length ? ` … ${texts.more(count - names.length)}` : "";
  return html`<td class="number">${texts.format.count(count)}</td>
<td><details><summary>${texts.unitsOf(count)}</summary><p class="names">${names.join(", ")}${rest}</p></details></td>`;
}
