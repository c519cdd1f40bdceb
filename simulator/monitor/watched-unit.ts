/** A unit as the monitor knows it: when it was heard, what it told of, and which shared things it hangs on. */
import type { Handle } from "../core/event-queue.ts";
import type { ServerWatch } from "./monitor-server.ts";
import type { MonitorSettings } from "./monitor-settings.ts";
import type { RegistryUnit } from "./registry.ts";
import type { Loss } from "./unit-words.ts";

export interface LossSince {
  readonly sinceMs: number;
  readonly device: string;
  /** The only receiver of the unit was out then: to the unit that looks as if its links had gone. */
  readonly isOfServer: boolean;
}

export interface WatchedUnit {
  record: RegistryUnit;
  /** The receiver that it beats to first. */
  readonly home: ServerWatch;
  readonly homeName: string;
  beatMs: number;
  /** Last heard anywhere; undefined: never since it is known. */
  lastMs: number | undefined;
  /** Since when it is known. */
  readonly sinceMs: number;
  /** Its deadlines count from these: what was last heard, or the instant from which it could be heard. */
  baseMs: number;
  homeBaseMs: number;
  /** A beat to its own receiver is missing. */
  overdue: boolean;
  /** Since when it is overdue everywhere. */
  quietMs: number | undefined;
  /** Since when it has missed so many beats that it counts as silent. */
  silentMs: number | undefined;
  readonly losses: Map<Loss, LossSince>;
  /** Numbers of the open outages of this unit alone. */
  silence: OwnOutage | undefined;
  button: OwnOutage | undefined;
  /** The look at its deadlines that is planned. */
  planned: Handle | undefined;
}

export interface OwnOutage {
  readonly number: number;
  readonly sinceMs: number;
  confirmed: boolean;
}

/** What many units share, and which of their troubles it explains. */
export interface SharedName {
  readonly cause: "operator" | "broadband" | "area-power";
  /** Name of the operator, `cell` and its name, the provider, or the area. */
  readonly subject: string;
}

export function longestBeatMs(unit: WatchedUnit, { jitterPercent }: MonitorSettings): number {
  return Math.floor((unit.beatMs * (100 + jitterPercent)) / 100);
}

/** Every shared thing that the unit has. */
export function sharedBy(record: RegistryUnit): readonly SharedName[] {
  return [...mobileOf(record), ...broadbandOf(record), ...powerOf(record)];
}

/** What it hangs on alone: where one of them fails, it falls silent. */
export function aloneOn(record: RegistryUnit): readonly SharedName[] {
  const { operator, broadband, roams, routerBackup } = record;
  if (operator !== "" && broadband === "") return roams ? [] : mobileOf(record);
  if (broadband !== "" && operator === "") return [...broadbandOf(record), ...(routerBackup ? [] : powerOf(record))];
  return [];
}

/** What may have failed where the unit has told of a loss, and would be able to while it lasts. */
export function behind({ record, losses }: WatchedUnit, loss: Loss): readonly SharedName[] {
  if (losses.get(loss)?.isOfServer === true) return [];
  return namesBehind(record, loss, losses.has("mains")).filter((name) => canTellOf(record, name));
}

function namesBehind(record: RegistryUnit, loss: Loss, isDark: boolean): readonly SharedName[] {
  if (loss === "mobile") return mobileOf(record);
  if (loss === "mains") return powerOf(record);
  if (loss !== "broadband") return [];
  if (record.routerBackup) return broadbandOf(record);
  // A router without mains says nothing of its provider.
  return isDark && record.power !== "" ? powerOf(record) : [...broadbandOf(record), ...powerOf(record)];
}

/** Whether it lives to tell that this has failed, as far as the registry says. */
export function canTellOf({ operator, broadband, routerBackup }: RegistryUnit, { cause }: SharedName): boolean {
  if (cause === "area-power") return operator !== "" || routerBackup;
  return operator !== "" && broadband !== "";
}

/** By route, what must work for it; a route that nobody knows of is left out. */
export function routesOf(record: RegistryUnit): readonly (readonly SharedName[])[] {
  const { operator, broadband, roams, routerBackup } = record;
  return [
    ...(operator === "" ? [] : [roams ? [] : mobileOf(record)]),
    ...(broadband === "" ? [] : [[...broadbandOf(record), ...(routerBackup ? [] : powerOf(record))]]),
  ];
}

function mobileOf({ operator, cell }: RegistryUnit): readonly SharedName[] {
  const of = (subject: string): SharedName => ({ cause: "operator", subject });
  return [...(operator === "" ? [] : [of(operator)]), ...(cell === "" ? [] : [of(`cell ${cell}`)])];
}

function broadbandOf({ broadband }: RegistryUnit): readonly SharedName[] {
  return broadband === "" ? [] : [{ cause: "broadband", subject: broadband }];
}

function powerOf({ power }: RegistryUnit): readonly SharedName[] {
  return power === "" ? [] : [{ cause: "area-power", subject: power }];
}
