/** The tables of the report page. Each is readable without colour and bounded in length. */
import type { RunPress, RunResult } from "../record/run-result.ts";
import { localMinute, localTime } from "../scenario/scenario-clock.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { type Call, callList } from "./calls.ts";
import { html, type Markup } from "./html.ts";
import { delayMs, delaysOf, hasSecondReceiver, latePresses } from "./statistics.ts";
import { faultText, texts, windowText } from "./texts.ts";

const mostLateRows = 100;
const mostNoticeRows = 200;
const mostHours = 100;
const mostNames = 400;

export function promiseTable(result: RunResult): Markup {
  const rows = brokenFirst(result.expectations).map((each) => verdictRow(each.text, each.held, each.found));
  const checks = brokenFirst(result.checks).map((each) =>
    verdictRow(each.rule, each.held, each.held ? texts.noViolation : each.found.join("; ")),
  );
  return html`<div class="wide"><table class="promises">
<thead><tr><th scope="col">${texts.verdict}</th><th scope="col">${texts.promise}</th><th scope="col">${texts.found}</th></tr></thead>
<tbody>${rows}</tbody>
<tbody><tr><th colspan="3" scope="colgroup">${texts.checkedAlways}</th></tr>${checks}</tbody>
</table></div>`;
}

function brokenFirst<T extends { readonly held: boolean }>(verdicts: readonly T[]): readonly T[] {
  return [...verdicts.filter((each) => !each.held), ...verdicts.filter((each) => each.held)];
}

function verdictRow(text: string, held: boolean, found: string): Markup {
  const mark = held
    ? html`<span class="held">✓ ${texts.held}</span>`
    : html`<span class="broken">✗ ${texts.broken}</span>`;
  return html`<tr><td>${mark}</td><td>${sentence(text)}</td><td>${sentence(found)}</td></tr>\n`;
}

export function waitTable(result: RunResult): Markup {
  const second = hasSecondReceiver(result);
  const groups = [
    delaysOf(texts.withSecond, result.presses.filter(second)),
    delaysOf(
      texts.withoutSecond,
      result.presses.filter((press) => !second(press)),
    ),
    delaysOf(texts.allPresses, result.presses),
  ];
  const cell = (ms: number | null): Markup => html`<td class="number">${ms === null ? "–" : durationText(ms)}</td>`;
  const rows = groups.map(
    (
      group,
    ) => html`<tr><th scope="row">${sentence(group.label)}</th><td class="number">${group.presses}</td><td class="number">${group.accepted}</td>
${cell(group.p50Ms)}${cell(group.p95Ms)}${cell(group.p99Ms)}${cell(group.maxMs)}</tr>\n`,
  );
  const heads = [texts.presses, texts.accepted, texts.half, texts.p95, texts.p99, texts.slowest];
  return html`<div class="wide"><table>
<thead><tr><td></td>${heads.map((head) => html`<th scope="col" class="number">${sentence(head)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

export function faultList(result: RunResult): Markup {
  const rows = result.faults.map(
    (fault) => html`<li><strong>${windowText(fault, result.scenario.startWallMs)}</strong> ${faultText(fault)}</li>`,
  );
  return rows.length === 0 ? html`` : html`<ul class="faults">${rows}</ul>`;
}

export function lateTable(result: RunResult): Markup {
  const late = latePresses(result).sort((a, b) => waitedMs(b, result) - waitedMs(a, result));
  if (late.length === 0) return html`<p>${texts.lateNone}</p>`;
  const providers = new Map(result.units.map((unit) => [unit.id, unit.provider]));
  const clock = (ms: number | null, otherwise: string): string =>
    ms === null ? otherwise : localTime(result.scenario.startWallMs + ms);
  const rows = late.slice(0, mostLateRows).map(
    (press) => html`<tr><td>${clock(press.pressedMs, "")}</td><td>${clock(press.acceptedMs, texts.never)}</td>
<td class="number">${durationText(waitedMs(press, result))}</td><td>${press.unit}</td><td>${providers.get(press.unit) ?? ""}</td>
<td>${clock(press.toldNotAcceptedMs, texts.untold)}</td><td>${press.acceptedBy ?? "–"}</td><td class="number">${press.attempts}</td></tr>\n`,
  );
  const heads = [
    texts.pressedAt,
    texts.acceptedAt,
    texts.waited,
    texts.unit,
    texts.group,
    texts.told,
    texts.receiver,
    texts.attempts,
  ];
  return html`<p>${texts.lateIntro(late.length, result.presses.length)} ${texts.longestFirst}</p>
${table(heads, rows, [2, 7])}${more(late.length - rows.length)}`;
}

function waitedMs(press: RunPress, result: RunResult): number {
  return delayMs(press) ?? result.virtualMs - press.pressedMs;
}

export function noticeTable(result: RunResult): Markup {
  if (result.notices.length === 0) return html`<p>${texts.noticesNone}</p>`;
  const rows = result.notices.slice(0, mostNoticeRows).map(
    (
      notice,
    ) => html`<tr><td>${localTime(result.scenario.startWallMs + notice.atMs)}</td><td>${sentence(notice.phase)}</td>
<td>${notice.cause} ${notice.subject}</td><td class="number">${notice.units}</td><td>${notice.evidence}</td></tr>\n`,
  );
  const heads = [texts.time, texts.phase, texts.subject, texts.affected, texts.evidence];
  return html`${table(heads, rows, [3])}${more(result.notices.length - rows.length)}`;
}

export function hourTable(result: RunResult): Markup {
  const hours = new Map<number, Call[]>();
  for (const call of callList(result).calls) {
    const known = hours.get(call.hourMs);
    if (known === undefined) hours.set(call.hourMs, [call]);
    else known.push(call);
  }
  if (hours.size === 0) return html`<p>${texts.pathlessNone}</p>`;
  const providers = [...new Set(result.units.map((unit) => unit.provider))].slice(0, 6);
  const rows = [...hours].slice(0, mostHours).map(([hourMs, calls]) => {
    const byProvider = providers.map(
      (name) => html`<td class="number">${calls.filter((call) => call.unit.provider === name).length}</td>`,
    );
    const names = calls
      .slice(0, mostNames)
      .map((call) => (call.pendingSinceMs === null ? call.unit.id : `${call.unit.id} ●`));
    const rest = calls.length > mostNames ? ` … ${calls.length - mostNames}` : "";
    return html`<tr><td>${localMinute(result.scenario.startWallMs + hourMs)}</td><td class="number">${calls.length}</td>${byProvider}
<td class="number">${calls.filter((call) => call.pendingSinceMs !== null).length}</td>
<td><details><summary>${texts.units_(calls.length)}</summary><p class="names">${names.join(", ")}${rest}</p></details></td></tr>\n`;
  });
  const heads = [texts.hour, texts.units, ...providers, texts.withPending, texts.who];
  const numbers = [1, ...providers.map((_, index) => index + 2), providers.length + 2];
  return html`<p>${texts.pathlessLegend}</p>${table(heads, rows, numbers)}`;
}

function table(heads: readonly string[], rows: readonly Markup[], numbers: readonly number[]): Markup {
  const cells = heads.map((head, index) =>
    numbers.includes(index)
      ? html`<th scope="col" class="number">${sentence(head)}</th>`
      : html`<th scope="col">${sentence(head)}</th>`,
  );
  return html`<div class="wide"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function more(count: number): Markup {
  return count > 0 ? html`<p>${texts.moreInJson(count)}</p>` : html``;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
