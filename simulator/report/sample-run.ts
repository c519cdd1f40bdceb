/** A made-up but believable run of the server-fault story, for the tests of the reports: 412 units, ten hours, one fault. */
import {
  type Journey,
  type JourneyTry,
  type RunFacts,
  type RunPress,
  type RunUnit,
  runResultVersion,
} from "../record/run-result.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const faultFromMs = 2 * hourMs;
const faultToMs = 6 * hourMs + 40 * minuteMs;
const endMs = 10 * hourMs;

/** A small fixed series of numbers from 0 to below `below`: the same at each call of `sampleRun`. */
function series(): (below: number) => number {
  let state = 12_345;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function sampleUnits(times: number): RunUnit[] {
  const groups = [
    { name: "aldre-dubbel", count: 220, provider: "Äldreomsorg", receivers: ["primary", "secondary"] },
    { name: "aldre-enkel", count: 82, provider: "Äldreomsorg", receivers: ["primary"] },
    { name: "lss-dubbel", count: 80, provider: "LSS", receivers: ["primary", "secondary"] },
    { name: "lss-enkel", count: 30, provider: "LSS", receivers: ["primary"] },
  ];
  const units: RunUnit[] = [];
  for (const { name, count, provider, receivers } of groups)
    for (let each = 1; each <= count * times; each++)
      units.push({
        id: `${name}-${String(each).padStart(3, "0")}`,
        cid: String(4_001_000 + units.length),
        group: name,
        provider,
        policy: "mobile-first",
        receivers,
      });
  return units;
}

function samplePress(unit: RunUnit, index: number, pressedMs: number, below: (limit: number) => number): RunPress {
  const during = pressedMs >= faultFromMs && pressedMs < faultToMs;
  const double = unit.receivers.length > 1;
  const waitMs = !during
    ? 900 + below(2_200)
    : double
      ? 6_000 + below(7_000)
      : faultToMs - pressedMs + 5_000 + below(9 * minuteMs);
  const waits = waitMs > 30_000;
  return {
    unit: unit.id,
    button: 1,
    pressedMs,
    storedMs: pressedMs + 120 + below(100),
    sentMs: pressedMs + 300,
    carriedMs: pressedMs + 500 + below(300),
    acceptedMs: pressedMs + waitMs,
    acceptedBy: during && double ? "secondary" : "primary",
    route: "mobile",
    attempts: waits ? 12 + Math.floor(waitMs / (10 * minuteMs)) : during ? 3 : 1,
    toldNotAcceptedMs: waits ? pressedMs + 36_000 + below(20_000) : null,
    stem: `K7Q2M${String(index).padStart(7, "0")}`,
    reportedTime: new Date(Date.UTC(2026, 0, 14, 5) + Math.floor(pressedMs / 1000) * 1000)
      .toISOString()
      .replace(".000", ""),
    cases: 1,
    unheard: null,
  };
}

const scenario: RunFacts["scenario"] = {
  name: "Staffanstorp server fault",
  question: "The receiver's server takes every alarm for hours and hands none on. Is everybody heard, or told to wait?",
  source: "Staffanstorp municipality, public notice on an outage of just over 400 safety alarms",
  path: "simulator/scenarios/staffanstorp-server-fault.yaml",
  files: ["simulator/scenarios/staffanstorp-server-fault.yaml"],
  set: [],
  startWallMs: Date.UTC(2026, 0, 14, 5),
  durationMs: endMs,
};

/** The first try, what the unit sends while nobody accepts, and the one that is accepted. */
function sampleJourney(press: RunPress): Journey {
  const { unit, stem, pressedMs, sentMs, acceptedMs, acceptedBy, attempts } = press;
  const beganMs = sentMs ?? pressedMs;
  const oneTry = (startedMs: number, mobile: boolean, snu: number | null): JourneyTry => {
    const atMs = startedMs + (mobile ? 30 : 0);
    const heardMs = atMs + (mobile ? 240 : 30);
    const repliedMs = snu === null ? null : heardMs + 200;
    return {
      what: "ME",
      route: mobile ? "mobile" : "broadband",
      receiver: snu === null ? "primary" : (acceptedBy ?? "primary"),
      startedMs,
      sentMs: atMs,
      packets: 1,
      heardMs,
      carriedMs: heardMs + 60,
      status: 200,
      repliedMs,
      snu,
      answeredMs: snu === null ? null : acceptedMs,
    };
  };
  const before = Array.from({ length: Math.min(4, attempts - 1) }, (_, index) =>
    oneTry(beganMs + index * 6_000, index % 2 === 0, null),
  );
  const last = oneTry(attempts === 1 ? beganMs : (acceptedMs ?? beganMs) - 700, attempts % 2 === 1, 0);
  return { unit, stem, beganMs, tries: [...before, last], leftOut: Math.max(0, attempts - 1 - before.length) };
}

const notices: RunFacts["notices"] = [
  {
    atMs: faultFromMs + 4 * minuteMs,
    phase: "suspected",
    cause: "server",
    subject: "primary",
    units: 412,
    evidence: "131 messages taken with 200 and none accepted for 3 min",
    outage: 1,
  },
  {
    atMs: faultFromMs + 12 * minuteMs,
    phase: "confirmed",
    cause: "server",
    subject: "primary",
    units: 412,
    evidence: "3 alarms accepted by secondary only; 112 units without a proven path",
    outage: 1,
  },
  {
    atMs: faultToMs + 2 * minuteMs,
    phase: "closed",
    cause: "server",
    subject: "primary",
    units: 0,
    evidence: "acceptances from all units again",
    outage: 1,
  },
];

const checks: RunFacts["checks"] = [
  {
    checker: "lost-alarms",
    rule: "every press heard by a unit is accepted or still pending",
    held: true,
    violations: 0,
    found: [],
  },
  {
    checker: "false-accepted",
    rule: "nothing is shown as accepted that no receiver accepted",
    held: true,
    violations: 0,
    found: [],
  },
  { checker: "duplicate-cases", rule: "one alarm leaves one case", held: true, violations: 0, found: [] },
];

function pathlessOf(units: readonly RunUnit[], below: (limit: number) => number): RunFacts["pathless"] {
  return units
    .filter((unit) => unit.receivers.length === 1)
    .map((unit) => ({
      unit: unit.id,
      fromMs: faultFromMs + 10 * minuteMs,
      toMs: faultToMs + below(6 * minuteMs),
      lastProofMs: faultFromMs - below(3 * minuteMs),
      why: "receiver primary takes messages and accepts none",
    }));
}

const faults: RunFacts["faults"] = [
  {
    fromMs: faultFromMs,
    toMs: faultToMs,
    object: "receiver",
    name: "primary",
    fault: "silent-after-200",
    units: null,
  },
];

/** `times`: so many times the units and presses of the story. */
export function sampleRun(times = 1): RunFacts {
  const below = series();
  const units = sampleUnits(times);
  const instants = Array.from({ length: 206 * times }, () => below(9.5 * hourMs)).sort((a, b) => a - b);
  const presses = instants.map((at, index) => samplePress(units[below(units.length)] as RunUnit, index, at, below));
  const minutes = endMs / minuteMs;
  const perMinute = (count: (minute: number) => number): number[] =>
    Array.from({ length: minutes }, (_, minute) => count(minute));
  const faulty = (minute: number): boolean => minute >= 120 && minute < 400;
  const beats = perMinute(() => 130 + below(15));
  const spare = perMinute(() => 4 + below(4));
  return {
    formatVersion: runResultVersion,
    scenario,
    seed: 1,
    modem: "bytes",
    digest: "9f2c51aa03d7e6b8",
    virtualMs: endMs,
    interruptedMs: null,
    wallMs: 8_412,
    events: 1_842_211,
    units,
    presses,
    faults,
    notices,
    outages: [],
    registry: [],
    receivers: [
      {
        name: "primary",
        messages: 88_120,
        busiest: { atMs: 3 * hourMs, messages: 9 },
        peakPerMinute: beats.map((count) => Math.ceil(count / 16)),
        limitPerThousandSeconds: 20_000,
        carriedPerMinute: beats,
        acceptedPerMinute: beats.map((count, minute) => (faulty(minute) ? 0 : count)),
      },
      {
        name: "secondary",
        messages: 3_300,
        busiest: { atMs: 0, messages: 2 },
        peakPerMinute: spare.map((count) => Math.min(2, count)),
        limitPerThousandSeconds: null,
        carriedPerMinute: spare,
        acceptedPerMinute: spare,
      },
    ],
    pathless: pathlessOf(units, below),
    pending: pendingCounts(presses),
    journeys: presses.map(sampleJourney),
    checks,
    reports: [],
    reportsLeftOut: {},
    signals: [],
    signalsLeftOut: 0,
    off: [],
    otherReports: { technical: 14, test: 412 },
    beats: { sent: 88_120, answered: 41_020, missed: 47_100 },
  };
}

function pendingCounts(presses: readonly RunPress[]): { atMs: number; count: number }[] {
  const changes = presses.flatMap((press) => [
    { atMs: press.pressedMs, by: 1 },
    { atMs: press.acceptedMs ?? endMs, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs);
  const counts = [{ atMs: 0, count: 0 }];
  for (const { atMs, by } of changes) counts.push({ atMs, count: (counts.at(-1)?.count ?? 0) + by });
  return counts;
}
