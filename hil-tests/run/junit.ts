/**
 * A run as JUnit, with Surefire's names for a case that was run twice: `flakyFailure` and `flakyError` where it passed in the end,
 * `rerunFailure` and `rerunError` where it did not. What was blocked is an error, never a pass.
 */
import { html, type Markup, trusted } from "../../simulator/report/html.ts";
import { measurementText } from "./attempt.ts";
import type { Attempt, CaseRecord, RunRecord } from "./results.ts";

export function hilJunit(run: RunRecord): string {
  const cases = run.cases.map(caseMarkup);
  const count = (test: (each: CaseRecord) => boolean): number => run.cases.filter(test).length;
  // What holds of the rig is a test of its own, so that no run is green on a sick one.
  const isWell = run.trouble === "" && run.ends !== "unknown";
  const told = isWell ? html`` : html`<error message="${run.trouble || "left in an unknown state"}"/>`;
  const rig = html`    <testcase classname="rig" name="the rig is well and left in a known state" time="0">${told}</testcase>`;
  const tests = run.cases.length + (run.isDry ? 0 : 1);
  const failures = count(isFailure);
  const errors = count(isError) + (isWell || run.isDry ? 0 : 1);
  const skipped = count(isShownSkipped);
  const counts = html`tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds(run.wallMs)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    html`<testsuites ${counts}>
  <testsuite name="hil ${run.rig}" ${counts} timestamp="${run.startedAt.slice(0, 19)}">
    <properties>
      ${Object.entries({ run: run.run, board: run.board, commit: run.commit, seed: run.seed }).map(property)}
    </properties>
${joined(run.isDry ? cases : [...cases, rig])}
  </testsuite>
</testsuites>
`.text
  }`;
}

function isShownSkipped(each: CaseRecord): boolean {
  return (
    each.verdict === "skipped" ||
    (each.quarantine !== undefined && (each.verdict === "fail" || each.verdict === "blocked"))
  );
}

function isFailure(each: CaseRecord): boolean {
  return each.verdict === "fail" && !isShownSkipped(each);
}

function isError(each: CaseRecord): boolean {
  return each.verdict === "blocked" && !isShownSkipped(each);
}

function caseMarkup(each: CaseRecord): Markup {
  const [suite = "", name = ""] = each.id.split("/");
  const figures = each.attempts.flatMap(({ measurements }) =>
    measurements.map((measurement) => property([measurement.name, measurementText(measurement)])),
  );
  const properties = figures.length === 0 ? html`` : html`<properties>${figures}</properties>`;
  return html`    <testcase classname="${suite}" name="${name}: ${each.proves}" file="${each.at.file}" line="${each.at.line}" time="${seconds(each.ms)}">${properties}${outcomeMarkup(each)}</testcase>`;
}

/** A quarantined failure is shown as skipped with all that is known of it: CI stays green, and nobody can say that it passed. */
function outcomeMarkup(each: CaseRecord): Markup {
  if (isShownSkipped(each)) {
    const { quarantine } = each;
    const why =
      quarantine === undefined
        ? each.why
        : `${each.verdict}, in quarantine until ${quarantine.until} (${quarantine.owner}: ${quarantine.reason}): ${each.why}`;
    return html`<skipped message="${oneLine(why)}"/>`;
  }
  const [first, ...others] = each.attempts.filter(({ outcome }) => outcome !== "pass");
  if (each.verdict === "flaky") return html`${[first, ...others].map((attempt) => bad("flaky", attempt))}`;
  if (each.verdict !== "fail" && each.verdict !== "blocked") return html``;
  const main = each.attempts.find(({ outcome }) => outcome === "fail") ?? first;
  const rerun = each.attempts.filter((attempt) => attempt !== main).map((attempt) => bad("rerun", attempt));
  const tag = each.verdict === "fail" ? "failure" : "error";
  const text = `${main?.message ?? each.why}\nrepeat: ${each.repeat}\n${each.artefacts ?? ""}`;
  return html`${element(tag, oneLine(main?.message ?? each.why), text)}${rerun}`;
}

function bad(prefix: "flaky" | "rerun", attempt: Attempt | undefined): Markup {
  const message = attempt?.message ?? "";
  return element(`${prefix}${attempt?.outcome === "blocked" ? "Error" : "Failure"}`, oneLine(message), message);
}

function element(name: string, message: string, text: string): Markup {
  const type = name.toLowerCase().endsWith("error") ? "blocked" : "fail";
  return html`<${trusted(name)} type="${type}" message="${message}">${text}</${trusted(name)}>`;
}

function property([name, value]: readonly [string, string | number]): Markup {
  return html`<property name="${name}" value="${value}"/>`;
}

function joined(lines: readonly Markup[]): Markup {
  return html`${lines.map((line) => html`${line}\n`)}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function oneLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
