/** The monitor of a run: it hears what the receivers show to the outside, and its notices are put down. */

import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { MonitorNotice } from "../record/run-result.ts";
import type { Witness } from "../record/witness.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Monitor, type Notice } from "./monitor.ts";

const beatMs = 180_000;
const phases = {
  "unit-silent": "suspected",
  "unit-back": "closed",
  "server-suspected": "suspected",
  "server-confirmed": "confirmed",
  "server-cleared": "closed",
} as const;

export class MonitorDesk implements Witness {
  readonly notices: MonitorNotice[];
  private readonly monitor: Monitor;
  private readonly names: readonly string[];
  private readonly residents: readonly Resident[];
  private readonly unitNames: Map<string, string>;
  private readonly onNotice: (notice: MonitorNotice) => void;

  constructor(scenario: Scenario, residents: readonly Resident[], onNotice: (notice: MonitorNotice) => void) {
    this.notices = [];
    this.monitor = new Monitor();
    this.names = scenario.world.receivers.map(({ name }) => name);
    this.residents = residents;
    this.unitNames = new Map(residents.map(({ cid, name }) => [cid, name]));
    this.onNotice = onNotice;
    for (const { cid, group } of residents) this.put(this.monitor.expectUnit(cid, beatMs, group.receivers[0] ?? "", 0));
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    this.put(this.monitor.hear(this.names[receiver] ?? "", sign, atMs));
  }

  pass(atMs: number): void {
    this.put(this.monitor.pass(atMs));
  }

  private put(notices: readonly Notice[]): void {
    for (const { t, subject, what, evidence } of notices) {
      const isServer = what.startsWith("server");
      const notice: MonitorNotice = {
        atMs: t,
        phase: phases[what],
        cause: isServer ? "server" : "single-unit",
        subject: isServer ? subject : (this.unitNames.get(subject) ?? subject),
        units: isServer ? this.residents.filter(({ group }) => group.receivers[0] === subject).length : 1,
        evidence,
      };
      this.notices.push(notice);
      this.onNotice(notice);
    }
  }
}
