/** The homes of a story: up to six, in up to three groups that are set up unlike. */
import { accessoryTypes } from "../../protocol/radio/accessory-types.ts";
import type { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import type { Group } from "./story.ts";

const mostHomes = 6;

export function drawFleet(seed: number, draft: Draft): void {
  const { has } = draft;
  const draw = new Draw(seed, "fleet");
  const groups = has.has("several-homes") ? draw.between(2, 3) : 1;
  let left = mostHomes;
  for (let index = 0; index < groups; index++) {
    const most = Math.min(has.has("several-homes") ? 3 : 1, left - (groups - 1 - index));
    const count = draw.between(1, most);
    left -= count;
    draft.fleet.push(drawGroup(seed, draft, index, count));
  }
}

function drawGroup(seed: number, draft: Draft, index: number, count: number): Group {
  const { has } = draft;
  const draw = new Draw(seed, `group ${index}`);
  const only = has.has("one-route") && draw.percent(60);
  const first = draw.pick(["mobile", "broadband"] as const);
  const group: Group = {
    name: `home-${"abc".charAt(index)}`,
    count,
    policy: `${first}-${only ? "only" : "first"}`,
    receivers: drawReceivers(draw, draft),
  };
  // A route that the policy does not ask for may still be there.
  if (!only || first === "mobile" || draw.percent(30))
    group.mobile = draw.pick([...draft.names("operators"), ...draft.names("cells")]);
  if (!only || first === "broadband" || draw.percent(30)) group.broadband = draw.pick(draft.names("broadband"));
  if (has.has("power-area") && draw.percent(80)) group.power = "town";
  if (has.has("several-buttons")) group.buttons = draw.between(2, 3);
  if (has.has("telephones")) drawTelephone(draw, group);
  if (has.has("voicemail")) drawVoicemail(seed, group);
  drawPlace(draw, draft, group);
  if (has.has("used-memory"))
    group["memory-used"] = new Draw(seed, `memory of group ${index}`).pick([
      "40 %",
      "50 %",
      "60 %",
      "66 %",
      "70 %",
      "72 %",
      "74 %",
    ]);
  return group;
}

/** Where the home stands, and what else is in it. */
function drawPlace(draw: Draw, draft: Draft, group: Group): void {
  const { has } = draft;
  if (has.has("one-building")) group.building = "trappa";
  if (has.has("batteries-outside") && group.power !== undefined && group.broadband !== undefined)
    group["router-battery"] = draw.pick(["1m", "30m"]);
  if (has.has("roaming") && group.mobile !== undefined) {
    const own = draft.world.cells?.[group.mobile]?.operator ?? group.mobile;
    const other = Object.keys(draft.world.operators ?? {}).find((name) => name !== own);
    if (other !== undefined) group["roams-to"] = [other];
  }
  if (has.has("accessories") && draw.percent(70)) {
    const kinds = draw.some(accessoryTypes, 3);
    group.accessories = kinds.map((kind) => ({ kind, ...(kind === "door" ? drawDoor(draw) : {}) }));
  }
  if (has.has("not-in-service") && draw.percent(30))
    group.life = draw.pick(["stored", "prepared", "suspended"] as const);
}

function drawDoor(draw: Draw): { hours?: string; "pre-alarm"?: string; "open-at-most"?: string } {
  return draw.percent(50) ? {} : { hours: "05:00-23:00", "pre-alarm": "20s", "open-at-most": "4m" };
}

function drawReceivers(draw: Draw, draft: Draft): string[] {
  const names = draft.names("receivers");
  const first = draw.pick(names);
  const others = names.filter((name) => name !== first);
  return draw.percent(75) ? [first, ...others] : [first];
}

/** Machines at numbers that the units of the group call: at any of them, or at all. */
function drawVoicemail(seed: number, group: Group): void {
  if (group.telephone === undefined || group.telephone === "sip") return;
  const draw = new Draw(seed, `voicemail ${group.name}`);
  group.relatives ??= ["+46701111111", "+46702222222"];
  const numbers = [...(group["fallback-number"] === undefined ? [] : [group["fallback-number"]]), ...group.relatives];
  group.voicemail = [...draw.some(numbers, draw.between(1, numbers.length))];
}

function drawTelephone(draw: Draw, group: Group): void {
  const sip = group.broadband !== undefined && group.policy !== "mobile-only";
  const mobile = group.mobile !== undefined && group.policy !== "broadband-only";
  const kinds = [...(sip ? ["sip" as const] : []), ...(mobile ? ["mobile" as const] : [])];
  const kind = sip && mobile && draw.percent(40) ? "both" : draw.pickAny(kinds);
  if (kind === undefined) return;
  group.telephone = kind;
  if (kind === "sip") return;
  group["mobile-calls"] = draw.pick(["instead-of-data", "beside-data"] as const);
  if (draw.percent(50)) group["fallback-number"] = "+46850000099";
  if (draw.percent(40)) group.relatives = ["+46701111111", "+46702222222"];
}
