/**
 * Rarest stories: two days and nights of one home that proves its routes seldom, as agreed, so that a day costs little. What takes hours to show
 * can show here: journeys, routes that die without a word, tests that come by the calendar, clocks that jump.
 */
import { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import type { FeatureSet } from "./features.ts";
import { healedS, quietS, type Story, seconds, withoutContradictions, withPromises } from "./story.ts";

const hourS = 3_600;
/** A button is missed after 25 hours. */
const journeyS = 26 * hourS;
const name = "home-a";
/** How often a receiver wants to hear, and how long a route may go unproven: with each proof the receiver answers for itself. */
const agreements = [
  ["1h", "1h"],
  ["6h", "6h"],
  ["24h", "25h"],
] as const;
const starts = ["2026-01-14 06:00", "2026-02-27 20:40", "2026-06-30 12:00"];

export function drawDays(seed: number, has: FeatureSet): Story {
  const draw = new Draw(seed, "days");
  const hurtS = draw.between(30 * hourS, 54 * hourS);
  const draft = new Draft(has, hurtS);
  drawHome(draw, draft);
  for (const [of, plot] of plots) {
    const own = new Draw(seed, `days: ${of}`);
    if (own.percent(50)) plot(own, draft);
  }
  const lastS = hurtS + healedS - quietS;
  for (let each = draw.between(0, 3); each > 0; each--) press(draft, draw.between(65, lastS));
  const file: Story["file"] = {
    name: `Swarm ${seed}`,
    question: "Is nothing lost in two days, and is all well again in the end?",
    source: `livlina sim swarm, seed ${seed}`,
    starts: draw.pick(starts),
    duration: seconds(hurtS + healedS),
    world: draft.world,
    fleet: draft.fleet,
    faults: draft.faults,
    timeline: draft.timeline,
  };
  return withPromises(withoutContradictions({ seed, file }));
}

/** Nothing is lost by chance here, neither on the air nor on the way. */
function drawHome(draw: Draw, draft: Draft): void {
  const receivers = draw.percent(30) ? ["primary", "secondary"] : ["primary"];
  draft.world.radio = { loss: "0 %" };
  const [heartbeat, proven] = draw.pick(agreements);
  draft.world.receivers = Object.fromEntries(receivers.map((each) => [each, { latency: "300ms", heartbeat }]));
  draft.world.operators = { alfa: { loss: "0 %" } };
  draft.world.broadband = { fibre: { loss: "0 %" } };
  draft.fleet.push({
    name,
    count: 1,
    policy: draw.pick(["mobile-first", "broadband-first", "mobile-only", "broadband-only"] as const),
    mobile: "alfa",
    broadband: "fibre",
    receivers,
    "proven-within": proven,
  });
}

type Plot = (draw: Draw, draft: Draft) => void;

/** Nobody presses a button that is on a journey: what it would tell in the end is older than it can say. */
function press(draft: Draft, atS: number): void {
  const [outS, homeS] = ["out", "home"].map((where) => {
    const step = draft.timeline.find((each) => "range" in each && each.range === where);
    return step === undefined ? undefined : Number.parseInt(step.at, 10);
  });
  if (outS === undefined || homeS === undefined || atS < outS - 600 || atS > homeS)
    draft.timeline.push({ at: draft.free(atS), press: name });
}

const plots: readonly (readonly [string, Plot])[] = [
  ["journey", goAway],
  ["call while away", callWhileAway],
  ["silent routes", fallSilent],
  ["route that goes twice", goTwice],
  ["wrong time", jumpInTime],
  ["silence", beSilent],
];

/** The wearer goes with the button and comes home after more than a day. */
function goAway(draw: Draw, draft: Draft): void {
  const fromS = draw.between(hourS, draft.hurtS - journeyS - hourS);
  const toS = draw.between(fromS + journeyS, draft.hurtS - hourS);
  draft.timeline.push(
    { at: draft.free(fromS), key: "away", unit: name },
    { at: draft.free(fromS + 60), range: "out", unit: name },
    { at: draft.free(toS), range: "home", unit: name },
    { at: draft.free(toS + 60), key: "away", unit: name },
  );
}

/** Away, as the unit was told, and calls for help at home. */
function callWhileAway(draw: Draw, draft: Draft): void {
  const atS = draw.between(hourS, draft.hurtS - 5 * hourS);
  const calledS = atS + draw.between(300, 3 * hourS);
  draft.timeline.push({ at: draft.free(atS), key: "away", unit: name });
  if (draw.percent(50)) draft.timeline.push({ at: draft.free(calledS), key: "help", unit: name });
  else press(draft, calledS);
}

/** A route carries nothing for hours, and somebody presses meanwhile. */
function fallSilent(draw: Draw, draft: Draft): void {
  const fromS = draw.between(hourS, draft.hurtS - 6 * hourS);
  const toS = fromS + draw.between(hourS, 5 * hourS);
  const window = { from: seconds(fromS), to: seconds(toS) };
  if (draw.percent(50)) draft.faults.push({ operator: "alfa", fault: "no-data", ...window });
  else draft.faults.push({ broadband: "fibre", fault: "no-data", ...window });
  press(draft, fromS + draw.between(300, hourS - 600));
}

/** All routes go, come back for some minutes, and go again. */
function goTwice(draw: Draw, draft: Draft): void {
  const fromS = draw.between(hourS, draft.hurtS - 6 * hourS);
  const backS = fromS + draw.between(1_800, 2 * hourS);
  const againS = backS + draw.between(120, 1_200);
  for (const [from, to] of [
    [fromS, backS],
    [againS, againS + draw.between(1_800, hourS)],
  ] as const) {
    const window = { from: seconds(from), to: seconds(to) };
    draft.faults.push(
      { operator: "alfa", fault: "no-data", ...window },
      { broadband: "fibre", fault: "no-data", ...window },
    );
  }
  press(draft, fromS + draw.between(300, 1_500));
}

/** The network tells a wrong time for hours, and a unit that starts meanwhile knows no better at first. */
function jumpInTime(draw: Draw, draft: Draft): void {
  const fromS = draw.between(0, draft.hurtS - 6 * hourS);
  const toS = fromS + draw.between(hourS, 6 * hourS);
  const clock = draw.pick(["1h ahead", "5h ahead", "1d ahead", "1h behind", "5d behind"]);
  draft.faults.push({ operator: "alfa", fault: "wrong-time", clock, from: seconds(fromS), to: seconds(toS) });
  if (draw.percent(30)) return;
  const offS = draw.between(Math.max(65, fromS + 1), toS - 300);
  draft.timeline.push(
    { at: draft.free(offS), handle: "switched-off", unit: name },
    { at: draft.free(offS + draw.between(5, 200)), handle: "switched-on", unit: name },
  );
}

/** Nobody stirs for half a day, the unit asks aloud, and somebody answers with a key, or is too late. */
function beSilent(draw: Draw, draft: Draft): void {
  for (const group of draft.fleet) group.inactivity = "12h";
  const key = draw.pick(["query", "presence", "cancel"] as const);
  const fromS = draw.between(hourS, draft.hurtS - 14 * hourS);
  draft.timeline.push(
    { at: draft.free(fromS), key: "query", unit: name },
    { at: draft.free(fromS + 12 * hourS + draw.between(5, 130)), key, unit: name },
  );
}
