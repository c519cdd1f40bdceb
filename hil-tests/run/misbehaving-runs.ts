/** Many runs on misbehaving benches, some beside each other since each mostly waits, and what they came to as a table. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Judged, kinds, misbehavingRun } from "./misbehaving.ts";

export interface MisbehavingPlan {
  readonly firstSeed: number;
  readonly count: number;
  readonly speed: number;
  /** How many at a time. */
  readonly beside: number;
  /** Folders of runs that told the truth go; of the others the newest stay, up to a bound. */
  readonly out: string;
  readonly onJudged: (judged: Judged) => void;
}

const mostKept = 20;

export async function misbehavingRuns(plan: MisbehavingPlan): Promise<readonly Judged[]> {
  const { firstSeed, count, speed, beside, out, onJudged } = plan;
  const all: Judged[] = [];
  let next = firstSeed;
  let kept = 0;
  const worker = async (): Promise<void> => {
    while (next < firstSeed + count) {
      const seed = next++;
      const folder = join(out, String(seed));
      const judged = await misbehavingRun(seed, speed, folder);
      all.push(judged);
      if (judged.wrong.length === 0 || ++kept > mostKept) rmSync(folder, { recursive: true, force: true });
      onJudged(judged);
    }
  };
  await Promise.all(Array.from({ length: beside }, worker));
  return all.sort((one, other) => one.seed - other.seed);
}

/** As it stands in a README: a row for each kind, and their sums. */
export function misbehavingTable(all: readonly Judged[]): string {
  const row = (name: string, runs: readonly Judged[]): string => {
    const verdict = (text: string): number => runs.filter((each) => each.verdict === text).length;
    const ends = (text: string): number => runs.filter((each) => each.ends === text).length;
    const wrong = (start: string): number =>
      runs.filter((each) => each.wrong.some((text) => text.startsWith(start))).length;
    const flaky = runs.filter(({ cases }) => cases.includes("flaky")).length;
    const cells = [
      ...[name, runs.length, verdict("passed"), flaky, verdict("failed"), verdict("blocked"), verdict("refused")],
      ...[`${ends("restored")} / ${ends("off")} / ${ends("unknown")}`, wrong("false pass"), wrong("hangs"), wrong("")],
    ];
    return `| ${cells.join(" | ")} |`;
  };
  return [
    "| what goes wrong | runs | passed | with a flaky case | failed | blocked | refused | left restored / off / unknown | false passes | hangs | not as expected |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...kinds.map((kind) =>
      row(
        kind,
        all.filter((each) => each.kind === kind),
      ),
    ),
    row("all", all),
  ].join("\n");
}
