/** The monitor of a run: it hears what the receivers show to the outside and knows their registry, and nothing of the scenario. */

import { dutiesOf, type LifeName } from "../../firmware/household/life-states.ts";
import { ControlRoom } from "../outage/control-room.ts";
import type { OutageRecord } from "../outage/outage-record.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { MonitorNotice, RunPress } from "../record/run-result.ts";
import type { Witness } from "../record/witness.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Notice } from "./monitor.ts";
import { type RegistryUnit, registryOf } from "./registry.ts";

export class MonitorDesk implements Witness {
  readonly notices: MonitorNotice[];
  readonly registry: readonly RegistryUnit[];
  private readonly room: ControlRoom;
  private readonly names: readonly string[];
  private readonly cids: Map<string, string>;
  private readonly onNotice: (notice: MonitorNotice) => void;

  constructor(scenario: Scenario, residents: readonly Resident[], onNotice: (notice: MonitorNotice) => void) {
    this.notices = [];
    this.registry = registryOf(
      residents,
      (receiver) => scenario.world.receivers.find(({ name }) => name === receiver)?.heartbeatMin,
    );
    this.names = scenario.world.receivers.map(({ name }) => name);
    this.cids = new Map(residents.map(({ cid, name }) => [name, cid]));
    this.onNotice = onNotice;
    this.room = new ControlRoom({
      startWallMs: scenario.startWallMs,
      nowMs: 0,
      onNotice: (notice) => this.put(notice),
    });
    residents.forEach(({ index, group }) => {
      this.lifeOrdered(0, index, group.home.life);
    });
  }

  /** Whoever keeps the registry says which units are to be heard. */
  lifeOrdered(atMs: number, unit: number, life: LifeName): void {
    const record = this.registry[unit];
    if (record === undefined) return;
    if (dutiesOf(life).beats) this.room.expect(record, atMs);
    else this.room.forget(record.cid);
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    this.room.hear(this.names[receiver] ?? "", sign, atMs);
  }

  receiverTold(atMs: number, receiver: number, event: ReceiverEvent): void {
    this.room.read(this.names[receiver] ?? "", event, atMs);
  }

  pass(atMs: number): void {
    this.room.pass(atMs);
  }

  /** The records of all outages, the units' presses set against what the receivers have. */
  outages(endMs: number, presses: readonly RunPress[]): readonly OutageRecord[] {
    return this.room.outages(
      endMs,
      presses.map(({ unit, pressedMs, acceptedMs, stem, unheard }) => ({
        unit,
        cid: this.cids.get(unit) ?? "",
        pressedMs,
        acceptedMs,
        stem,
        isUnheard: unheard !== null,
      })),
    );
  }

  private put({ t: atMs, phase, cause, subject, units, evidence, outage }: Notice): void {
    const notice: MonitorNotice = { atMs, phase, cause, subject, units: units.length, evidence: evidence.en, outage };
    this.notices.push(notice);
    this.onNotice(notice);
  }
}
