/**
 * Bench `machine`: how many events the firmware's own machines take, without ports and world. A machine event is one event given
 * to one machine of a unit or button, such as a timer that is due or a line of the modem; its answer is the next state and the effects.
 */
import { isDeepStrictEqual } from "node:util";
import type { Step } from "../../firmware/machine.ts";
import { Runner } from "../../firmware/runner.ts";
import { Run } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { type Figures, measure, type Timing } from "./measure.ts";
import { profiles, worldOf } from "./profiles.ts";
import { figure, type Table } from "./table.ts";

export interface MachineBench extends Omit<Figures, "name" | "ratio"> {
  readonly bench: "machine";
  readonly units: number;
  readonly hours: number;
  /** Machines that lived in the run, and what they were given. */
  readonly machines: number;
  readonly events: number;
  readonly effects: number;
}

interface Machine {
  readonly step: Step<unknown, unknown, unknown>;
  readonly start: unknown;
  state: unknown;
}

/** What all machines of a run were given, in the order in which they were. */
export interface Recording {
  readonly machines: readonly Machine[];
  /** Which machine, by its place. */
  readonly who: readonly number[];
  readonly events: readonly unknown[];
}

const usual = profiles[0];

export function benchMachine(timing: Timing, units = 10, hours = 6): MachineBench {
  const recording = record(units, hours);
  const effects = play(recording);
  const { machines, events } = recording;
  const run = (times: number): number => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += play(recording);
    return sum;
  };
  const processor = { ...timing, nowMs: processorMs };
  const [whole] = measure([{ name: "machines", run }], processor) as [Figures];
  const perSecond = (plays: number): number => plays * events.length;
  return {
    bench: "machine",
    units,
    hours,
    machines: machines.length,
    events: events.length,
    effects,
    median: perSecond(whole.median),
    least: perSecond(whole.least),
    most: perSecond(whole.most),
  };
}

export function machineTables(result: MachineBench): Table[] {
  const { units, hours, machines, events, effects, median, least, most } = result;
  return [
    {
      title: `what ${figure(machines)} machines of ${units} units were given in ${hours} h: ${figure(events)} events, ${figure(effects)} effects`,
      columns: ["", "median/s", "min/s", "max/s"],
      rows: [["machine events", figure(median), figure(least), figure(most)]],
    },
  ];
}

/** Plays units of the default profile and notes every event of every machine. Throws where a machine is not what it was. */
export function record(units: number, hours: number): Recording {
  if (usual === undefined) throw new Error("bench: there is no profile");
  const machines: Machine[] = [];
  const known = new Map<object, number>();
  const who: number[] = [];
  const events: unknown[] = [];
  const { dispatch } = Runner.prototype;
  Runner.prototype.dispatch = function (this: Runner<unknown, unknown, unknown>, event: unknown): void {
    let place = known.get(this);
    if (place === undefined) {
      place = machines.length;
      known.set(this, place);
      const { step } = this as unknown as { step: Machine["step"] };
      machines.push({ step, start: this.state, state: this.state });
    }
    who.push(place);
    events.push(event);
    dispatch.call(this, event);
  };
  try {
    const scenario = worldOf(usual, units, hours);
    const run = new Run(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
    run.playUntil(scenario.durationMs);
  } finally {
    Runner.prototype.dispatch = dispatch;
  }
  const recording = { machines, who, events };
  play(recording);
  for (const [runner, place] of known)
    if (!isDeepStrictEqual((runner as Runner<unknown, unknown, unknown>).state, machines[place]?.state))
      throw new Error(`bench: machine ${place} went another way`);
  return recording;
}

/** Every machine from its start; answers how many effects came of it. */
export function play({ machines, who, events }: Recording): number {
  for (const machine of machines) machine.state = machine.start;
  let effects = 0;
  for (let i = 0; i < events.length; i++) {
    const machine = machines[who[i] as number] as Machine;
    const next = machine.step(machine.state, events[i]);
    machine.state = next.state;
    effects += next.effects.length;
  }
  return effects;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
