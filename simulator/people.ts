/** People who answer to what they hear and are told: a wearer whom the unit asks for a test, and whoever changes batteries. */
import { phraseOf } from "../firmware/feedback/phrase-texts.ts";
import type { Utterance } from "../firmware/ports/speech.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { type Absence, absencesOf, isAway, wearersOf } from "./habits.ts";
import type { ReceiverEvent } from "./peers/receiver-events.ts";
import type { Witness } from "./record/witness.ts";
import type { Resident } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { TimelineStep } from "./scenario/timeline.ts";
import type { Wearers } from "./scenario/wearers.ts";

/** SS 91100 annex C: a battery is low. */
const batteryLow = 16;
/** Who is asked for a test makes it within the hour. */
const leastMs = 60_000;
const mostMs = 3_600_000;

interface Person {
  readonly resident: Resident;
  readonly wearers: Wearers;
  readonly absences: readonly Absence[];
  readonly heeds: Stream;
  readonly visits: Stream;
  /** Buttons that somebody will come for, or has forgotten for good. */
  readonly known: Set<number>;
}

export class People {
  private readonly queue: EventQueue;
  private readonly act: (step: TimelineStep) => void;
  /** By place in the fleet; and by account. */
  private readonly people: readonly (Person | undefined)[];
  private readonly byAccount: ReadonlyMap<string, Person>;

  /** `act` does it at once. */
  constructor(
    queue: EventQueue,
    scenario: Scenario,
    seed: number,
    residents: readonly Resident[],
    act: (step: TimelineStep) => void,
  ) {
    this.queue = queue;
    this.act = act;
    this.people = residents.map((resident) => personOf(scenario, seed, resident));
    this.byAccount = new Map(
      this.people.flatMap((person) => (person === undefined ? [] : [[person.resident.cid, person]])),
    );
  }

  /** The same witness; people hear and are told what it sees. */
  listening(witness: Required<Witness>): Required<Witness> {
    if (this.byAccount.size === 0) return witness;
    return {
      ...witness,
      spoke: (atMs, unit, utterance) => {
        witness.spoke(atMs, unit, utterance);
        this.hear(unit, utterance);
      },
      receiverTold: (atMs, receiver, event) => {
        witness.receiverTold(atMs, receiver, event);
        this.told(event);
      },
    };
  }

  private hear(unit: number, utterance: Utterance): void {
    const person = this.people[unit];
    if (person === undefined || utterance.number !== phraseOf("press-to-test").number) return;
    const { resident, wearers, absences, heeds } = person;
    const isHeeded = heeds.chance(wearers.heedsPpm);
    const afterMs = heeds.between(leastMs, mostMs);
    const button = 1 + heeds.below(resident.group.buttons);
    const atMs = this.queue.nowMs + afterMs;
    if (!isHeeded || isAway(absences, this.queue.nowMs) || isAway(absences, atMs)) return;
    this.queue.at(atMs, () => this.act({ atMs, press: { unit: resident.name, button } }));
  }

  private told({ cid, stc, did, answer }: ReceiverEvent): void {
    if (stc !== batteryLow || did === undefined || answer !== "snu 0") return;
    const person = this.byAccount.get(cid);
    const habit = person?.wearers.changesBattery;
    if (person === undefined || habit === undefined) return;
    const { resident, known, visits } = person;
    const button = 1 + resident.bonds.findIndex(({ address }) => Number.parseInt(did, 16) === address);
    if (button === 0 || button > resident.group.buttons || known.has(button)) return;
    known.add(button);
    const isForgotten = visits.chance(habit.forgottenPpm);
    const atMs = this.queue.nowMs + visits.between(habit.after.leastMs, habit.after.mostMs);
    if (isForgotten) return;
    this.queue.at(atMs, () => {
      known.delete(button);
      this.act({ atMs, buttonBattery: { unit: resident.name, button } });
    });
  }
}

function personOf(scenario: Scenario, seed: number, resident: Resident): Person | undefined {
  const wearers = wearersOf(resident, scenario);
  if (wearers === undefined || (wearers.heedsPpm === 0 && wearers.changesBattery === undefined)) return undefined;
  return {
    resident,
    wearers,
    absences: absencesOf(scenario, seed, resident),
    heeds: new Stream(seed, "heeds", resident.index),
    visits: new Stream(seed, "battery visits", resident.index),
    known: new Set(),
  };
}
