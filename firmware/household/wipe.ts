/**
 * The wipe of a unit that comes back: all that is of the client goes, also from flash; what is of the device stays. It may
 * be cut short at any point: a unit that starts in the state "wiped" finishes it.
 */
import type { Journal } from "../storage/journal.ts";
import {
  batteryKind,
  bondTableKind,
  buttonCountersKind,
  lifeKind,
  simCardKind,
  startsKind,
  unitCountersKind,
} from "../storage/record-kinds.ts";

/**
 * Counters of sealed frames never begin anew, and an empty table of bonds must not be filled from old settings. The stem
 * of report names goes: a new client's reports begin under one of their own.
 */
const deviceKinds: readonly number[] = [
  batteryKind,
  bondTableKind,
  buttonCountersKind,
  lifeKind,
  simCardKind,
  startsKind,
  unitCountersKind,
];
const lastKind = 255;

/** False where the flash fails: something may still stand there. Whoever holds copies in memory must start anew after it. */
export function wipeClient(journal: Journal): boolean {
  let gone = true;
  for (let kind = 1; kind <= lastKind; kind++)
    if (deviceKinds.indexOf(kind) < 0) gone = removeAll(journal, kind) && gone;
  // Removed values still stand in the old area; making room erases it.
  return journal.compact() && gone;
}

function removeAll(journal: Journal, kind: number): boolean {
  let gone = true;
  journal.each(kind, (key) => {
    gone = journal.remove(kind, key) && gone;
  });
  return gone;
}
