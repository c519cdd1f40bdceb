/** What a run came to, for people: in the terminal, as the summary of a CI step, and as annotations at the cases' own lines. */
import { keepsLimits, measurementText } from "./attempt.ts";
import type { Verdict } from "./case.ts";
import type { CaseRecord, Quarantine, RunRecord } from "./results.ts";

export const marks: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  fail: "✗",
  flaky: "~",
  blocked: "■",
  skipped: "–",
};
const verdicts: readonly Verdict[] = ["fail", "blocked", "flaky", "pass", "skipped"];
/** GitHub shows so many of a step. */
const mostAnnotations = 10;

/** "12 pass, 1 flaky, 3 skipped"; verdicts that did not occur are left out. */
function countsText(cases: readonly CaseRecord[]): string {
  const counts = verdicts.map((verdict) => [cases.filter((each) => each.verdict === verdict).length, verdict] as const);
  const told = counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`);
  return told.length === 0 ? "no case" : told.join(", ");
}

export function runText(run: RunRecord, expired: readonly Quarantine[]): string {
  const lines = skippedLines(run.cases);
  for (const each of run.cases) {
    if (each.verdict === "skipped") continue;
    lines.push(`${marks[each.verdict]} ${each.id}: ${each.proves}${each.ms > 0 ? ` (${secondsText(each.ms)})` : ""}`);
    if (each.why !== "") lines.push(`    ${each.verdict}: ${firstLine(each.why)}`);
    if (each.attempts.length > 1) lines.push(`    attempts: ${attemptsText(each)}`);
    if (each.quarantine !== undefined) lines.push(`    ${quarantineText(each.quarantine, each.verdict)}`);
    if (each.artefacts !== undefined) lines.push(`    ${each.artefacts}`, `    repeat: ${each.repeat}`);
  }
  const outdated = expired.map(
    (each) => `quarantine of ${each.case} (${each.owner}) ended ${each.until}: it counts again`,
  );
  lines.push(...outdated, headline(run));
  return `${lines.join("\n")}\n`;
}

/** One line for each reason: by day most cases of a night are here. */
function skippedLines(cases: readonly CaseRecord[]): string[] {
  const skipped = cases.filter(({ verdict }) => verdict === "skipped");
  const reasons = [...new Set(skipped.map(({ why }) => firstLine(why)))];
  return reasons.map((why) => {
    const ids = skipped.filter((each) => firstLine(each.why) === why).map(({ id }) => id);
    return `${marks.skipped} ${ids.length} skipped, ${why}: ${ids.join(", ")}`;
  });
}

/** One line that says all. */
export function headline(run: RunRecord): string {
  const ends = run.isDry ? "" : `, devices left ${endsText(run.ends)}`;
  const trouble = run.trouble === "" ? "" : `; ${firstLine(run.trouble)}`;
  return `${run.isDry ? "dry run, " : ""}${run.verdict}: ${countsText(run.cases)} on ${run.rig} (${run.board}), ${secondsText(run.wallMs)}${ends}${trouble}`;
}

/** GitHub-flavoured Markdown, as Forgejo and Gitea read it too. */
export function summaryMarkdown(run: RunRecord, expired: readonly Quarantine[]): string {
  const title = `## hil ${run.rig}: ${headline(run)}`;
  const about = `Board ${run.board}, commit \`${run.commit.slice(0, 12)}\`, seed ${run.seed}, begun ${run.startedAt}.`;
  const rows = run.cases.map((each) => {
    const tries = each.attempts.length > 1 ? attemptsText(each) : "";
    const why = [
      each.quarantine === undefined ? "" : quarantineText(each.quarantine, each.verdict),
      firstLine(each.why),
    ];
    const told = [...why, tries].filter((text) => text !== "").join("; ");
    return `| ${marks[each.verdict]} ${each.verdict} | ${each.id} | ${cell(each.proves)} | ${secondsText(each.ms)} | ${cell(told)} |`;
  });
  const figures = run.cases.flatMap((each) =>
    each.attempts.flatMap(({ measurements }) =>
      measurements.map(
        (one) =>
          `- ${keepsLimits(one) ? "" : "**"}${each.id}: ${cell(measurementText(one))}${keepsLimits(one) ? "" : "**"}`,
      ),
    ),
  );
  const repeats = run.cases
    .filter(({ artefacts }) => artefacts !== undefined)
    .map(({ repeat, artefacts }) => `    ${repeat}\n    # ${artefacts}`);
  return [
    title,
    about,
    ...expired.map(
      (each) => `**The quarantine of ${each.case} (${each.owner}) ended ${each.until}: it counts again.**`,
    ),
    ["| verdict | case | what it proves | time | why |", "|---|---|---|--:|---|", ...rows].join("\n"),
    ...(figures.length === 0 ? [] : [`### Figures\n\n${figures.join("\n")}`]),
    ...(repeats.length === 0 ? [] : [`### To repeat\n\n${repeats.join("\n")}`]),
    "",
  ].join("\n\n");
}

/** Workflow commands, one line each: what failed or was blocked as errors, what was flaky or in quarantine as warnings. */
export function annotations(run: RunRecord): readonly string[] {
  const told = run.cases.flatMap((each) => {
    const isBad = each.verdict === "fail" || each.verdict === "blocked";
    if (!isBad && each.verdict !== "flaky") return [];
    const level = isBad && each.quarantine === undefined ? "error" : "warning";
    const place = `file=${property(each.at.file)},line=${each.at.line},title=${property(`hil ${each.id}: ${each.verdict}`)}`;
    return [{ level, text: `::${level} ${place}::${data(`${each.why}\nrepeat: ${each.repeat}`)}` }];
  });
  const errors = told.filter(({ level }) => level === "error");
  const warnings = told.filter(({ level }) => level === "warning");
  const rig =
    run.trouble === "" ? [] : [`::error title=${property(`hil ${run.rig}: ${run.verdict}`)}::${data(run.trouble)}`];
  return [...rig, ...[...errors, ...warnings].map(({ text }) => text)].slice(0, mostAnnotations);
}

function attemptsText({ attempts }: CaseRecord): string {
  return attempts
    .map(({ outcome, message }) => (message === "" ? outcome : `${outcome} (${firstLine(message)})`))
    .join(", then ");
}

function quarantineText({ owner, reason, until }: Quarantine, verdict: Verdict): string {
  const note = `in quarantine until ${until} (${owner}: ${reason})`;
  return verdict === "pass" ? `${note}, and it passes: it may leave` : note;
}

function endsText(ends: RunRecord["ends"]): string {
  if (ends === "restored") return "in the known state";
  return ends === "off" ? "without power" : "in an unknown state";
}

export function secondsText(ms: number): string {
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function cell(text: string): string {
  return firstLine(text).replace(/\\/g, "\\\\").replace(/\|/g, "\\|").replace(/</g, "&lt;");
}

/** GitHub's escapes: of a message, and of what stands before it. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
