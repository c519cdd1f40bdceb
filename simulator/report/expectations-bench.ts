/** A made-up run of four units, and promises about it as a scenario file says them: for the tests of verdicts. */
import type { MonitorNotice, RunFacts, RunPress, RunReport, RunSignal, RunUnit } from "../record/run-result.ts";
import type { Expectation } from "../scenario/expectation.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { judge } from "./expectations.ts";
import { sampleRun } from "./sample-run.ts";

/** From 06:00 to 10:00: "u-001" to "u-003" with two routes and two receivers, "v" with mobile alone and one receiver. */
const head = `name: bench
starts: 2026-01-14 06:00
duration: 4h
world:
  receivers: { primary: {}, secondary: {} }
  operators: { alfa: {} }
  cells: { mast: { operator: alfa } }
  broadband: { fibre: }
  power: { town: }
fleet:
  - { name: u, count: 3, mobile: alfa, broadband: fibre, power: town, receivers: [primary, secondary] }
  - { name: v, count: 1, mobile: alfa, receivers: [primary], policy: mobile-only }
faults: [{ power: town, fault: off, from: 1h, to: 2h }]
`;

export const hourMs = 3_600_000;
export const minuteMs = 60_000;

/** The instant of a time of day of the run. */
export function clock(text: string): number {
  const [hour = 0, minute = 0, second = 0] = text.split(":").map(Number);
  return (hour - 6) * hourMs + minute * minuteMs + second * 1_000;
}

export function benchText(entry: string): string {
  return `${head}expect:\n  - ${entry}\n`;
}

export function promise(entry: string): Expectation {
  return parseScenario(benchText(entry), "bench.yaml").expectations[0] as Expectation;
}

/** "true: what was found" for each verdict of one entry. */
export function found(entry: string, facts: RunFacts): readonly string[] {
  return judge(promise(entry), facts).map(({ held, found: what }) => `${held}: ${what}`);
}

/** The sentences of one entry. */
export function sentences(entry: string, facts: RunFacts): readonly string[] {
  return judge(promise(entry), facts).map(({ text }) => text);
}

/** What happened; whatever is left out did not. */
export interface Happened {
  readonly presses?: readonly Partial<RunPress>[];
  readonly reports?: readonly Partial<RunReport>[];
  readonly signals?: readonly Partial<RunSignal>[];
  readonly notices?: readonly Partial<MonitorNotice>[];
  readonly more?: Partial<RunFacts>;
}

const base = sampleRun();
const quietPress: RunPress = {
  ...(base.presses[0] as RunPress),
  unit: "u-001",
  pressedMs: 0,
  storedMs: 200,
  sentMs: 300,
  carriedMs: 600,
  acceptedMs: 1_000,
  acceptedBy: "primary",
  route: "mobile",
  toldNotAcceptedMs: null,
  unheard: null,
};
const mainsLost: RunReport = {
  unit: "u-001",
  name: "mains-lost",
  kind: "technical",
  dty: 2,
  stc: 85,
  text: "",
  device: "",
  raisedMs: clock("08:00"),
  acceptedMs: clock("08:05"),
  acceptedBy: "primary",
  route: "mobile",
  stem: "AB12C0000001",
  withdrawn: false,
};
const noPath: RunSignal = { atMs: clock("08:00"), unit: "u-001", by: "lamp", button: 0, what: "no-path" };
const suspicion: MonitorNotice = {
  atMs: clock("08:10"),
  phase: "suspected",
  cause: "server",
  subject: "primary",
  units: 4,
  evidence: "3 failures",
  outage: 1,
};

export function runOf({ presses, reports, signals, notices, more }: Happened): RunFacts {
  const unit = base.units[0] as RunUnit;
  const double = { ...unit, group: "u", receivers: ["primary", "secondary"] };
  return {
    ...base,
    scenario: { ...base.scenario, startWallMs: Date.UTC(2026, 0, 14, 5) },
    virtualMs: 4 * hourMs,
    units: [
      { ...double, id: "u-001" },
      { ...double, id: "u-002" },
      { ...double, id: "u-003" },
      { ...unit, id: "v", group: "v", receivers: ["primary"] },
    ],
    presses: (presses ?? []).map((each) => ({ ...quietPress, ...each })),
    reports: (reports ?? []).map((each) => ({ ...mainsLost, ...each })),
    signals: (signals ?? []).map((each) => ({ ...noPath, ...each })),
    notices: (notices ?? []).map((each) => ({ ...suspicion, ...each })),
    faults: [],
    pathless: [],
    off: [],
    ...more,
  };
}
