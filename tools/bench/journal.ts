/** Bench `journal`: power cuts per second, tried as the journal's own tests try them, and what was lost: nothing, or it fails. */
import { Stream } from "../../simulator/core/prng.ts";
import { type Chip, type CutTotals, CutTrial, chips, drawScript } from "../../simulator/journal-cuts.ts";
import { median, type Timing } from "./measure.ts";
import { figure, type Table } from "./table.ts";

export interface JournalBench {
  readonly bench: "journal";
  readonly kinds: readonly CutFigures[];
}

/** Of one kind of cut, on every chip, over all rounds. */
export interface CutFigures extends CutTotals {
  readonly name: string;
  /** Cuts per second. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

interface CutKind {
  readonly name: string;
  readonly chips: readonly Chip[];
  /** One life on one chip. */
  readonly play: (chip: Chip, life: number) => CutTotals;
}

const seed = 1;

export const cutKinds: readonly CutKind[] = [
  {
    name: "each step cut",
    chips,
    play: (chip, life) => {
      const chance = new Stream(seed, `singles ${life}`, chip.programUnit);
      const trial = new CutTrial(2, drawScript(chance, 2, 40));
      trial.exhaust(chip, life, drawScript(chance, 28, 60), 1);
      return trial.totals;
    },
  },
  {
    name: "all pairs",
    // Byte by byte one life has some 70,000 pairs, too long for a round.
    chips: chips.filter(({ programUnit }) => programUnit > 1),
    play: (chip, life) => {
      const chance = new Stream(seed, `pairs ${life}`, chip.programUnit);
      const trial = new CutTrial(1, drawScript(chance, 1, 8));
      trial.exhaust(chip, life, drawScript(chance, 2, 8), 2);
      return trial.totals;
    },
  },
  {
    name: "random trains",
    chips,
    play: (chip, life) => {
      const trial = new CutTrial(1, []);
      for (let i = 0; i < 10; i++) trial.train(chip, 10 * life + i);
      return trial.totals;
    },
  },
];

/** Each round plays lives of every kind, in turn, for `roundMs` each. */
export function benchJournal(timing: Timing): JournalBench {
  const totals: CutTotals[] = cutKinds.map(() => ({ cuts: 0, lost: 0, falselyAccepted: 0, changed: 0 }));
  const speeds: number[][] = cutKinds.map(() => []);
  const lives = cutKinds.map(() => 0);
  for (const kind of cutKinds) for (const chip of kind.chips) kind.play(chip, 0);
  for (let round = 0; round < timing.rounds; round++)
    cutKinds.forEach((kind, at) => {
      const total = totals[at] as CutTotals;
      const before = total.cuts;
      const beganMs = timing.nowMs();
      do {
        for (const chip of kind.chips) add(total, kind.play(chip, lives[at] as number));
        lives[at] = (lives[at] as number) + 1;
      } while (timing.nowMs() - beganMs < timing.roundMs);
      speeds[at]?.push(((total.cuts - before) * 1000) / Math.max(1, timing.nowMs() - beganMs));
    });
  return {
    bench: "journal",
    kinds: cutKinds.map(({ name }, at) => {
      const own = speeds[at] ?? [];
      return {
        name,
        ...(totals[at] as CutTotals),
        median: median(own),
        least: Math.min(...own),
        most: Math.max(...own),
      };
    }),
  };
}

export function journalTables(result: JournalBench): Table[] {
  const whole: CutTotals = { cuts: 0, lost: 0, falselyAccepted: 0, changed: 0 };
  for (const kind of result.kinds) add(whole, kind);
  return [
    {
      title: `${figure(whole.cuts)} power cuts on ${chips.length} chips: ${whole.lost} alarms lost, ${whole.falselyAccepted} falsely accepted, ${whole.changed} other values changed`,
      columns: ["", "cuts", "median/s", "min/s", "max/s", "lost", "false"],
      rows: result.kinds.map((kind) => [
        kind.name,
        figure(kind.cuts),
        figure(kind.median),
        figure(kind.least),
        figure(kind.most),
        String(kind.lost),
        String(kind.falselyAccepted),
      ]),
    },
  ];
}

function add(to: CutTotals, more: CutTotals): void {
  to.cuts += more.cuts;
  to.lost += more.lost;
  to.falselyAccepted += more.falselyAccepted;
  to.changed += more.changed;
}
