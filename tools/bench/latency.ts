/**
 * Bench `latency`: how long people wait in virtual time from the press to the acceptance, in a healthy network with either
 * route active, and with each fault in turn on the first route. It measures the firmware, not this machine.
 */
import type { PlayOptions } from "../../simulator/play.ts";
import { playScenario } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { delaysOf } from "../../simulator/report/statistics.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { figure, type Table } from "./table.ts";

export interface LatencyBench {
  readonly bench: "latency";
  readonly seed: number;
  readonly healthy: readonly Waits[];
  readonly faults: readonly (Waits & { readonly fault: string })[];
}

/** In seconds of virtual time. */
export interface Waits {
  readonly policy: Policy;
  readonly presses: number;
  readonly accepted: number;
  readonly p50S: number;
  readonly p95S: number;
  readonly p99S: number;
  readonly longestS: number;
}

const policies = ["broadband-first", "mobile-first"] as const;
type Policy = (typeof policies)[number];

/** Each press is an alarm of its own: the last one is accepted and over by then. */
const pressEveryMs = 360_000;
const settleMs = 600_000;
const seed = 1;
const healthyUnits = 250;
const healthyPresses = 20;
const faultUnits = 40;
/** The fault begins together with the press, or was there for half an hour. */
const faultFromMs = 1_200_000;
const faultPressesMs = [faultFromMs + 1, faultFromMs + 30_000, faultFromMs + 300_000, faultFromMs + 1_800_000];

/** What can be wrong with the first route, as a scenario's fault says it. */
const linkFaults = ["down", "no-data", "slow", "lossy"];
const mobileFaults = ["denied", "stale-sessions"];
const farFaults = [
  "refuse-connect",
  "silent-open",
  "silent-after-200",
  "slow",
  "late",
  "sip-403",
  "sip-500",
  "sip-503",
  "reject",
  "busy",
  "wrong-ref",
];

/** Faults that only broadband has: receivers that are known by a name, or reached over TCP or TLS. */
const broadbandFaults: readonly Story[] = [
  { name: "link no-address", faults: [broadbandFault("no-address")] },
  { name: "no-names", receiver: "host-name: RECEIVER.example", faults: [broadbandFault("no-names")] },
  { name: "tcp: refuse-connect", receiver: "transport: tcp", faults: farFault("refuse-connect", "broadband") },
  { name: "tcp: connect-timeout", receiver: "transport: tcp", faults: [broadbandFault("no-data")] },
  { name: "tcp: opens and is silent", receiver: "transport: tcp", faults: farFault("silent-open", "broadband") },
  { name: "tls: connect-timeout", receiver: "transport: tls", faults: [broadbandFault("no-data")] },
  { name: "tls: opens and is silent", receiver: "transport: tls", faults: farFault("silent-open", "broadband") },
  { name: "tls: certificate of a stranger", receiver: "transport: tls, certificate: foreign", faults: [] },
];

/** One fault, and how the receivers are reached where that matters. */
export interface Story {
  readonly name: string;
  /** Entries of each receiver in the scenario; RECEIVER stands for its name. */
  readonly receiver?: string;
  readonly faults: readonly string[];
}

export async function benchLatency(): Promise<LatencyBench> {
  const healthy: Waits[] = [];
  for (const policy of policies) healthy.push(await healthyWaits(policy));
  const faults: (Waits & { fault: string })[] = [];
  for (const policy of policies)
    for (const story of storiesOf(policy)) {
      const text = scenarioText(policy, faultUnits, faultFromMs + 2_700_000, story);
      faults.push({ fault: story.name, ...(await waits(policy, text, faultPressesMs, 0)) });
    }
  return { bench: "latency", seed, healthy, faults };
}

function healthyWaits(policy: Policy): Promise<Waits> {
  const times = Array.from({ length: healthyPresses }, (_, i) => settleMs + i * pressEveryMs);
  const text = scenarioText(policy, healthyUnits, settleMs + (healthyPresses + 1) * pressEveryMs, {
    name: "healthy",
    faults: [],
  });
  return waits(policy, text, times, pressEveryMs / healthyUnits);
}

/** Every fault of that policy's first route. */
export function storiesOf(policy: Policy): readonly Story[] {
  const far = (over: string): Story[] => farFaults.map((fault) => ({ name: fault, faults: farFault(fault, over) }));
  if (policy === "broadband-first")
    return [
      ...linkFaults.map((fault) => ({ name: `link ${fault}`, faults: [broadbandFault(fault)] })),
      ...broadbandFaults,
      ...far("broadband"),
    ];
  const links = [...linkFaults, ...mobileFaults];
  return [
    ...links.map((fault) => ({ name: `link ${fault}`, faults: [`operator: alfa, fault: ${fault}, ${faultFrom()}`] })),
    ...far("mobile"),
  ];
}

function broadbandFault(fault: string): string {
  return `broadband: fibre, fault: ${fault}, ${faultFrom()}`;
}

/** Both receivers meet those that ask over that route so. */
function farFault(fault: string, over: string): string[] {
  return ["primary", "secondary"].map(
    (receiver) => `receiver: ${receiver}, fault: ${fault}, over: ${over}, ${faultFrom()}`,
  );
}

function faultFrom(): string {
  return `from: ${faultFromMs / 60_000}m`;
}

/** The profile `healthy`: radio 10 % loss, broadband 20 to 80 ms and mobile 80 to 800 ms there and back, receivers with digest. */
export function scenarioText(policy: Policy, units: number, durationMs: number, { receiver, faults }: Story): string {
  const entries = (name: string): string => (receiver === undefined ? "" : `, ${receiver.replace("RECEIVER", name)}`);
  return `name: latency
duration: ${durationMs / 1000}s
world:
  radio: { loss: 10 % }
  receivers:
    primary: { host: 192.0.2.10, latency: 200ms to 1.5s${entries("primary")} }
    secondary: { host: 198.51.100.20, latency: 200ms to 1.5s${entries("secondary")} }
  operators: { alfa: { delay: 40ms to 400ms, loss: 1 % } }
  broadband: { fibre: { delay: 10ms to 40ms, loss: 0 % } }
fleet:
  - { name: u, count: ${units}, policy: ${policy}, mobile: alfa, broadband: fibre, receivers: [primary, secondary] }
faults:${faults.length === 0 ? " []" : faults.map((fault) => `\n  - { ${fault} }`).join("")}
`;
}

/** Every unit is pressed at each of `timesMs`, the units `apartMs` after each other. */
async function waits(policy: Policy, text: string, timesMs: readonly number[], apartMs: number): Promise<Waits> {
  const scenario = parseScenario(text, "latency.yaml");
  const units = scenario.fleet.flatMap((group) => group.units);
  const prepare: PlayOptions["prepare"] = (world) => {
    for (const atMs of timesMs)
      units.forEach((unit, i) => {
        world.queue.at(atMs + Math.round(i * apartMs), () => world.press(unit, 1));
      });
  };
  const result = await playScenario(scenario, { seed, onProgress: () => {}, log: new RunLog(undefined), prepare });
  const { presses, accepted, p50Ms, p95Ms, p99Ms, maxMs } = delaysOf(policy, result.presses);
  const seconds = (ms: number | null): number => (ms ?? 0) / 1000;
  const shares = { p50S: seconds(p50Ms), p95S: seconds(p95Ms), p99S: seconds(p99Ms), longestS: seconds(maxMs) };
  return { policy, presses, accepted, ...shares };
}

export function latencyTables({ healthy, faults }: LatencyBench): Table[] {
  const cells = ({ presses, accepted, p50S, p95S, p99S, longestS }: Waits): string[] => [
    figure(presses),
    figure(accepted),
    ...[p50S, p95S, p99S, longestS].map((seconds) => seconds.toFixed(2)),
  ];
  const columns = ["", "presses", "accepted", "p50 s", "p95 s", "p99 s", "longest s"];
  return [
    {
      title: `healthy: radio loss 10 %, broadband 20-80 ms, mobile 80-800 ms with 1 % loss, receivers 0.2-1.5 s (seed ${seed})`,
      columns,
      rows: healthy.map((waits) => [waits.policy, ...cells(waits)]),
    },
    ...policies.map((policy) => ({
      title: `${policy}, with one fault on that route`,
      columns,
      rows: faults.filter((each) => each.policy === policy).map((each) => [each.fault, ...cells(each)]),
    })),
  ];
}
