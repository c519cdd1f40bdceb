/** A scenario in the simulator, told in the lines that a bench tells: what the unit's service line would say, and what receivers heard. */
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { playScenario } from "../../simulator/play.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import type { Witness } from "../../simulator/record/witness.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { residentsOf } from "../../simulator/residents.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import type { StoryLine } from "./story.ts";

const prefixLength = 5;

interface SimulatedRun {
  readonly lines: readonly StoryLine[];
  readonly result: RunResult;
}

/** `logPath`: where the simulator's whole run log goes; undefined: nowhere. */
export async function simulate(scenario: Scenario, seed: number, logPath: string | undefined): Promise<SimulatedRun> {
  const lines: StoryLine[] = [];
  const log = new RunLog(logPath);
  const watch = new StoryWitness(scenario, seed, (line) => lines.push(line));
  const result = await playScenario(scenario, { seed, log, watch, onProgress: () => {} });
  log.close();
  return { lines, result };
}

/** What a receiver heard, as a line of a story; undefined where it turned it away. */
export function heardLine(atMs: number, unit: string, receiver: string, event: ReceiverEvent): StoryLine | undefined {
  const { type, ref, dty = -1, stc = -1 } = event;
  if (type === "rejected" || type === "registered") return undefined;
  const number = numberFromRef(ref.slice(0, prefixLength), ref);
  return { atMs, type, unit, receiver, number, dty, stc };
}

class StoryWitness implements Witness {
  private readonly units: readonly {
    readonly name: string;
    readonly cid: string;
    readonly receivers: readonly string[];
  }[];
  private readonly receivers: readonly string[];
  private readonly onLine: (line: StoryLine) => void;
  /** By unit and attempt: what was sent, and where to. */
  private readonly sent: Map<string, { readonly number: number; readonly path: string }>;

  constructor(scenario: Scenario, seed: number, onLine: (line: StoryLine) => void) {
    const residents = residentsOf(scenario, seed);
    this.units = residents.map(({ name, cid, group }) => ({ name, cid, receivers: group.receivers }));
    this.receivers = scenario.world.receivers.map(({ name }) => name);
    this.onLine = onLine;
    this.sent = new Map();
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.onLine({ atMs, type: "pressed", unit: this.units[unit]?.name ?? "", button });
  }

  stepped(atMs: number, unit: number, machine: string, event: object, effects: readonly object[]): void {
    if (machine !== "alarm") return;
    const { name = "" } = this.units[unit] ?? {};
    const happened = event as AlarmEvent;
    const carried = happened.type === "carried" ? this.sent.get(`${unit} ${happened.attempt}`) : undefined;
    if (carried !== undefined) this.onLine({ atMs, type: "carried", unit: name, ...carried });
    for (const effect of effects as readonly AlarmEffect[]) {
      if (effect.type === "send") {
        const { id, number, path } = effect.attempt;
        this.sent.set(`${unit} ${id}`, { number, path: this.pathText(unit, path) });
      }
      if (effect.type === "log" && (effect.what === "stored" || effect.what === "accepted"))
        this.onLine({
          atMs,
          type: effect.what,
          unit: name,
          number: effect.number,
          path: this.pathText(unit, effect.path),
        });
    }
  }

  receiverTold(atMs: number, receiver: number, event: ReceiverEvent): void {
    const unit = this.units.find(({ cid }) => cid === event.cid);
    const line = unit === undefined ? undefined : heardLine(atMs, unit.name, this.receivers[receiver] ?? "", event);
    if (line !== undefined) this.onLine(line);
  }

  private pathText(unit: number, path: { readonly route: string; readonly receiver: number } | undefined): string {
    return path === undefined ? "" : `${path.route} to ${this.units[unit]?.receivers[path.receiver] ?? path.receiver}`;
  }
}
