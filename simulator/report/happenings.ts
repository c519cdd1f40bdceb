/** The instants at which something happened that an expectation names, read from the facts of a run. */
import type { RunFacts, RunPress, RunReport } from "../record/run-result.ts";
import type { AlarmStep, Happening, ReportMeant } from "../scenario/expectation.ts";

/** One time that it happened. */
export interface Moment {
  readonly atMs: number;
  /** The unit; for a notice what it is about. */
  readonly subject: string;
  /** The row of the facts: one row is one happening. */
  readonly row: object;
  /** Of a report: when the unit raised it. */
  readonly raisedMs: number;
}

/** All of them, by instant; of one instant in the order of the facts. */
export function momentsOf(happening: Happening, facts: RunFacts): readonly Moment[] {
  const moments: Moment[] = [];
  const add = (atMs: number | null, subject: string, row: object, raisedMs = 0): void => {
    if (atMs !== null) moments.push({ atMs, subject, row, raisedMs });
  };
  switch (happening.what) {
    case "report":
      for (const row of reportsMeant(happening, facts))
        add(happening.seen === "raised" ? row.raisedMs : row.acceptedMs, row.unit, row, row.raisedMs);
      break;
    case "told":
      for (const row of facts.signals)
        if (row.what === happening.signal && (happening.by ?? row.by) === row.by) add(row.atMs, row.unit, row);
      break;
    case "notice":
      for (const row of facts.notices) {
        const { phase, cause, subject } = happening;
        if (row.phase === phase && (cause ?? row.cause) === row.cause && (subject ?? row.subject) === row.subject)
          add(row.atMs, row.subject, row);
      }
      break;
    case "alarm":
      for (const row of facts.presses) add(row[stepKeys[happening.step]], row.unit, row);
  }
  return moments.sort((a, b) => a.atMs - b.atMs);
}

const stepKeys = {
  pressed: "pressedMs",
  heard: "storedMs",
  sent: "sentMs",
  carried: "carriedMs",
  accepted: "acceptedMs",
  "told-not-accepted": "toldNotAcceptedMs",
} as const satisfies Record<AlarmStep, keyof RunPress>;

/** Reports of that word, delivered or not. */
export function reportsMeant(
  happening: Extract<Happening, { readonly what: "report" }>,
  facts: RunFacts,
): readonly RunReport[] {
  const { report, text } = happening;
  return facts.reports.filter((row) => isMeant(report, row) && (text === undefined || row.text.includes(text)));
}

function isMeant(meant: ReportMeant, row: RunReport): boolean {
  switch (meant.by) {
    case "name":
      return row.name === meant.name;
    case "kind":
      return row.kind === meant.kind;
    case "codes":
      return row.dty === meant.dty && row.stc === meant.stc;
    case "any":
      return true;
  }
}

/** Happenings that this run counted and did not keep: with some, only "at least" can still be shown. */
export function leftOut(happening: Happening, facts: RunFacts): number {
  if (happening.what === "told") return facts.signalsLeftOut;
  if (happening.what !== "report") return 0;
  const { report } = happening;
  if (report.by === "name") return facts.reportsLeftOut[report.name] ?? 0;
  return Object.values(facts.reportsLeftOut).reduce((sum, count) => sum + count, 0);
}

/** "report mains-lost", "sign not-accepted by voice", "notice suspected (operator) about alfa", "alarm accepted"; with `s` for many. */
export function happeningText(happening: Happening, plural: "" | "s"): string {
  switch (happening.what) {
    case "report": {
      const text = happening.text === undefined ? "" : ` with "${happening.text}"`;
      const seen = happening.seen === "raised" ? " raised" : "";
      return `report${plural} ${reportText(happening.report)}${text}${seen}`;
    }
    case "told":
      return `sign${plural} ${happening.signal}${happening.by === undefined ? "" : ` by ${happening.by}`}`;
    case "notice": {
      const cause = happening.cause === undefined ? "" : ` (${happening.cause})`;
      const subject = happening.subject === undefined ? "" : ` about ${happening.subject}`;
      return `notice${plural} ${happening.phase}${cause}${subject}`;
    }
    case "alarm":
      return `alarm${plural} ${happening.step}`;
  }
}

function reportText(meant: ReportMeant): string {
  if (meant.by === "name") return meant.name;
  if (meant.by === "codes") return `${meant.dty}/${meant.stc}`;
  return meant.by === "any" ? "of any kind" : `of the kind ${meant.kind}`;
}
