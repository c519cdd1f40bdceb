/** The rarest stories: long rows of what must come together, each for a mistake that nothing else shows. */
import type { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import { type FaultEntry, type Group, seconds } from "./story.ts";

/** From the start of such a story to some minutes before the clocks change. */
const lastOfHoursS = 3_000;

export function drawRarest(seed: number, draft: Draft, lastS: number): void {
  const { has } = draft;
  if (has.has("suspended-soon")) drawSuspended(new Draw(seed, "suspensions"), draft);
  if (has.has("doors-at-clock-change")) drawChange(new Draw(seed, "doors at clock change"), draft, lastS);
  if (has.has("played-back-later")) drawReplays(new Draw(seed, "played back later"), draft, lastS);
}

/** A unit is suspended while an alarm of it stands, and who has accepted that hears nothing of the next press: it becomes an alarm of its own. */
function drawSuspended(draw: Draw, draft: Draft): void {
  const { name, group } = draw.pick(draft.units());
  if (group.life !== undefined) return;
  const atS = draw.between(70, draft.hurtS - 200);
  const lifeS = atS + draw.between(8, 12);
  const pressS = lifeS + draw.between(50, 90);
  const window = { from: seconds(pressS - 5), to: seconds(pressS + 45) };
  for (const receiver of group.receivers) begin(draft, { receiver, fault: "silent-after-200", ...window });
  draft.timeline.push(
    { at: draft.free(atS), press: name },
    { at: draft.free(lifeS), life: "suspended", unit: name },
    { at: draft.free(pressS), press: name },
  );
}

/** A door whose hours end when the clocks change. */
function drawChange(draw: Draw, draft: Draft, lastS: number): void {
  const { name, group } = draw.pick(draft.units());
  add(group, { kind: "door", name: "to-two", hours: "01:00-02:00", "pre-alarm": seconds(draw.pick([0, 20])) });
  const atS = Math.min(lastS, lastOfHoursS) - draw.between(20, 300);
  // Where frames are lost by chance nobody can say that one must have been heard.
  draft.world.radio = { loss: "0 %" };
  draft.timeline.push({ at: draft.free(atS), accessory: "to-two", unit: name, happens: "alarm" });
}

/** A stranger plays back what a unit has heard before it started anew. */
function drawReplays(draw: Draw, draft: Draft, lastS: number): void {
  const { name, group } = draw.pick(draft.units());
  let atS = draw.between(70, 200);
  begin(draft, { strangers: group.name, fault: "replayed", from: seconds(atS - 5), to: seconds(draft.hurtS) });
  for (let each = 0; each < 8; each++) {
    draft.timeline.push({ at: draft.free(atS), press: name });
    atS += draw.between(5, 15);
  }
  if (atS + 70 > lastS) return;
  draft.timeline.push({ at: draft.free(atS + 60), handle: "switched-off", unit: name });
  draft.timeline.push({ at: draft.free(atS + 66), handle: "switched-on", unit: name });
}

/** Before what was drawn already: of two faults that cannot be together the first stays. */
function begin(draft: Draft, fault: FaultEntry): void {
  draft.faults.unshift(fault);
}

function add(group: Group, ...accessories: readonly NonNullable<Group["accessories"]>[number][]): void {
  group.accessories = [...(group.accessories ?? []), ...accessories];
}
