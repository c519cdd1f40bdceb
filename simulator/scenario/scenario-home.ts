/** What stands in each home of a group, from the file's words to its plain form: accessories named, doors with rules that the firmware takes. */
import { type DoorSettings, doorDefaults, doorFault } from "../../firmware/accessories/door-machine.ts";
import { doorRuleLimit } from "../../firmware/accessories/doors.ts";
import { bondLimit } from "../../firmware/pairing/bonds.ts";
import type { GroupAccessory, GroupHome } from "./fleet.ts";
import type { Complain, FilePath } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseDurationMs, parseSharePpm } from "./scenario-units.ts";

type GroupFile = ScenarioFile["fleet"][number];
type AccessoryFile = NonNullable<GroupFile["accessories"]>[number];

export function resolveHome(group: GroupFile, path: FilePath, complain: Complain): GroupHome {
  const taken = new Set<string>();
  const accessories = (group.accessories ?? []).map((each, index): GroupAccessory => {
    const at: FilePath = [...path, "accessories", index];
    const name = each.name ?? each.kind;
    if (taken.has(name))
      complain(
        [...at, each.name === undefined ? "kind" : "name"],
        `"${name}" is there already`,
        'give each its own "name"',
      );
    taken.add(name);
    return {
      kind: each.kind,
      name,
      door: resolveDoor(each, at, complain),
      chargePermille: permille(each.charge, [...at, "charge"], complain),
    };
  });
  const devices = (group.buttons ?? 1) + accessories.length;
  if (devices > bondLimit)
    complain([...path, "accessories"], `a unit has room for ${bondLimit} buttons and accessories, not for ${devices}`);
  if (accessories.filter(({ door }) => door !== undefined).length > doorRuleLimit)
    complain([...path, "accessories"], `at most ${doorRuleLimit} doors of a home can have rules of their own`);
  return {
    radio: group.radio ?? "direct",
    radioLossPpm: sharePpm(group["radio-loss"], [...path, "radio-loss"], complain),
    wallsDb: Number.parseInt(group.walls ?? "0", 10),
    buttonChargePermille: permille(group["button-charge"], [...path, "button-charge"], complain),
    memoryUsedPpm: sharePpm(group["memory-used"], [...path, "memory-used"], complain) ?? 0,
    accessories,
    inactivityMs: parseDurationMs(group.inactivity ?? "0s") ?? 0,
    life: group.life ?? "in-service",
  };
}

function resolveDoor(accessory: AccessoryFile, path: FilePath, complain: Complain): DoorSettings | undefined {
  const { kind, hours, "pre-alarm": preAlarm, "open-at-most": openAtMost } = accessory;
  for (const key of ["hours", "pre-alarm", "open-at-most"] as const)
    if (kind !== "door" && accessory[key] !== undefined)
      complain([...path, key], `only a door has "${key}"`, `this is a ${kind}`);
  if (hours === undefined && preAlarm === undefined && openAtMost === undefined) return undefined;
  if (hours === undefined && preAlarm !== undefined)
    complain([...path, "pre-alarm"], "a pre-alarm needs hours in which opening is an alarm", 'add "hours"');
  const [fromMinute, toMinute] = minutesOf(hours ?? "00:00-00:00");
  if (hours !== undefined && fromMinute === toMinute)
    complain([...path, "hours"], "these hours have no length", 'such as "22:00-06:00"');
  const settings: DoorSettings = {
    fromMinute,
    toMinute,
    preAlarmMs: timeMs(preAlarm, doorDefaults.preAlarmMs),
    tooLongMs: timeMs(openAtMost, doorDefaults.tooLongMs),
  };
  const fault = doorFault(settings);
  if (fault !== undefined)
    complain([...path, openAtMost !== undefined && !isTooLongSound(settings) ? "open-at-most" : "pre-alarm"], fault);
  return settings;
}

function isTooLongSound(settings: DoorSettings): boolean {
  return doorFault({ ...settings, preAlarmMs: doorDefaults.preAlarmMs }) === undefined;
}

/** Minutes of the day; the end may lie before the beginning, which reaches over midnight, and 24:00 is 00:00. */
function minutesOf(hours: string): readonly [number, number] {
  const minute = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) % 1_440;
  return [minute(hours.slice(0, 5)), minute(hours.slice(6))];
}

function timeMs(text: string | undefined, unlessSaid: number): number {
  return text === undefined ? unlessSaid : (parseDurationMs(text) ?? unlessSaid);
}

function sharePpm(text: string | undefined, path: FilePath, complain: Complain): number | undefined {
  if (text === undefined) return undefined;
  const ppm = parseSharePpm(text);
  if (ppm === undefined) complain(path, "a share is at most 100 %");
  return ppm;
}

function permille(text: string | undefined, path: FilePath, complain: Complain): number {
  const ppm = sharePpm(text, path, complain);
  return ppm === undefined ? 1_000 : Math.floor(ppm / 1_000);
}
