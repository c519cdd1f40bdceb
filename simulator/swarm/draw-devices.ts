/** Rarer stories of what is in homes: one of two alike that flaps, what the air lost, doors that are watched by night, a mains that flickers, calls that nobody hears, old buttons. */
import { accessoryTypes } from "../../protocol/radio/accessory-types.ts";
import type { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import { type Group, type StepEntry, seconds } from "./story.ts";

/** Of a call for help that a check-in tells of nobody knows when it was made, and doors have rules of their own. */
const silent = accessoryTypes.filter((each) => each !== "door" && each !== "pull-cord" && each !== "fall-detector");

/** Somebody who is away for longer than a button tries without a pause. */
const awayS = 720;
/** Longer than a report of the mains may be put off. */
const flickersS = 720;

export function drawDevices(seed: number, draft: Draft, lastS: number): void {
  const { has } = draft;
  if (has.has("flapping-devices")) drawFlapping(new Draw(seed, "flapping devices"), draft, lastS);
  if (has.has("late-devices")) drawLate(new Draw(seed, "late devices"), draft);
  if (has.has("doors-by-night")) drawDoor(new Draw(seed, "doors by night"), draft, lastS);
  if (has.has("flickering-mains")) drawFlicker(new Draw(seed, "flickering mains"), draft);
  // Where frames are lost by chance nobody can say that one must have been heard.
  if (has.has("out-of-earshot") && has.has("clean-radio")) drawUnheard(new Draw(seed, "unheard presses"), draft, lastS);
  // A press whose write is torn is kept by its button, which may be out of use when it is heard next.
  if (has.has("old-buttons") && !has.has("torn-writes")) drawOldButtons(new Draw(seed, "old buttons"), draft, lastS);
}

/** One is touched again and again, and then once the other one. */
function drawFlapping(draw: Draw, draft: Draft, lastS: number): void {
  const { name, group } = draw.pick(draft.units());
  const kind = draw.pick(accessoryTypes);
  add(group, { kind, name: "first" }, { kind, name: "second" });
  let atS = Math.max(65, lastS - draw.between(600, 1_500));
  const act = (accessory: string, happens: "tamper" | "tamper-restored"): void => {
    draft.timeline.push({ at: draft.free(atS), accessory, unit: name, happens });
  };
  for (let each = 0; each < 10; each++) {
    act("first", each % 2 === 0 ? "tamper" : "tamper-restored");
    atS += draw.between(10, 50);
  }
  act("second", "tamper");
}

/** Nobody can hear an alarm; later the accessory gets a new battery, and says how it stands. */
function drawLate(draw: Draw, draft: Draft): void {
  const { name, group } = draw.pick(draft.units());
  const building = group.building ?? name;
  const window = draft.window(draw, `building ${building}`);
  if (window?.to === undefined) return;
  const kind = draw.pick(silent);
  add(group, { kind, name: "late" });
  const toS = Number.parseInt(window.to, 10);
  draft.faults.push({ building, fault: "jammed", from: window.from, to: window.to });
  draft.timeline.push(
    { at: draft.free(Math.max(65, toS - draw.between(5, 60))), accessory: "late", unit: name, happens: "alarm" },
    { at: draft.free(Math.max(70, toS + 1)), "accessory-battery": "late", unit: name },
  );
}

/** A door whose hours reach over midnight. */
function drawDoor(draw: Draw, draft: Draft, lastS: number): void {
  const { name, group } = draw.pick(draft.units());
  const preAlarm = seconds(draw.pick([0, 20, 60]));
  add(group, { kind: "door", name: "by-night", hours: "22:00-06:00", "pre-alarm": preAlarm, "open-at-most": "15m" });
  const atS = draw.between(Math.max(65, lastS - 900), lastS - 180);
  const step = (at: number, happens: "alarm" | "restored"): StepEntry => {
    return { at: draft.free(at), accessory: "by-night", unit: name, happens };
  };
  draft.timeline.push(step(atS, "alarm"));
  if (draw.percent(50)) draft.timeline.push(step(atS + draw.between(200, 600), "restored"));
}

/** A power cut that is long enough to be told of, and then a mains that does not stay. */
function drawFlicker(draw: Draw, draft: Draft): void {
  const group = draw.pick(draft.fleet);
  const darkS = draw.between(960, 1_500);
  const fromS = draw.between(0, Math.max(0, draft.hurtS - darkS - flickersS));
  if (fromS + darkS + flickersS > draft.hurtS) return;
  const power = "flickering";
  draft.world.power = { ...draft.world.power, [power]: null };
  group.power = power;
  const everyS = draw.between(80, 240);
  const [backS, endS] = [fromS + darkS, fromS + darkS + flickersS];
  draft.faults.push(
    { power, fault: "off", from: seconds(fromS), to: seconds(backS) },
    { power, fault: "off", from: seconds(backS + 60), to: seconds(endS), every: seconds(everyS), on: "5s" },
  );
}

/** Somebody calls for help where nobody can hear it, and comes home. */
function drawUnheard(draw: Draw, draft: Draft, lastS: number): void {
  const { name } = draw.pick(draft.units());
  if (lastS - awayS < 70) return;
  const outS = draw.between(65, lastS - awayS - 5);
  draft.timeline.push(
    { at: draft.free(outS), range: "out", unit: name },
    { at: draft.free(outS + draw.between(1, 30)), press: name },
    { at: draft.free(outS + awayS), range: "home", unit: name },
  );
}

/** Whoever has got a new button may press the old one before anybody has accepted a press of the new one, be it on a unit that has just started again. */
function drawOldButtons(draw: Draw, draft: Draft, lastS: number): void {
  const { name } = draw.pick(draft.units());
  const atS = draw.between(65, lastS - 300);
  draft.timeline.push({ at: draft.free(atS), "replace-button": name });
  const offS = atS + draw.between(13, 25);
  const onS = offS + draw.between(2, 6);
  const isOff = draw.percent(70);
  if (isOff) draft.timeline.push({ at: draft.free(offS), handle: "switched-off", unit: name });
  if (isOff) draft.timeline.push({ at: draft.free(onS), handle: "switched-on", unit: name });
  for (let each = 0; each < 3; each++) draft.timeline.push({ at: draft.free(onS + draw.between(0, 30)), press: name });
}

function add(group: Group, ...accessories: readonly NonNullable<Group["accessories"]>[number][]): void {
  group.accessories = [...(group.accessories ?? []), ...accessories];
}
