/** The daily self-check of a unit: makes the checks, keeps which faults are known, and tells of each with its code. */
import { observerOf, orderOf, technical } from "../department.ts";
import type { SelfCheckPort } from "../ports/self-check.ts";
import { Runner } from "../runner.ts";
import { knownFaultsKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { type FaultName, faultOf, faults } from "./faults.ts";
import {
  type SelfCheckEffect,
  type SelfCheckEvent,
  type SelfCheckState,
  startSelfCheck,
  stepSelfCheck,
} from "./self-check-machine.ts";

/** SCAIP status codes (SS 91100 annex C): malfunction, and in service again. */
const malfunction = 67;
const inService = 48;

export class SelfCheck {
  private readonly context: UnitContext;
  private readonly port: SelfCheckPort;
  private readonly onFaults: (faulty: boolean) => void;
  private readonly wake: Wake;
  private readonly machine: Runner<SelfCheckState, SelfCheckEvent, SelfCheckEffect>;

  /** `onFaults` hears at the start, and after each round, whether any fault is known. */
  constructor(context: UnitContext, port: SelfCheckPort, onFaults: (faulty: boolean) => void) {
    this.context = context;
    this.port = port;
    this.onFaults = onFaults;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner(
      stepSelfCheck,
      startSelfCheck(this.kept()),
      (effect) => this.perform(effect),
      observerOf(context, "self-check"),
    );
    if (this.known.length > 0) onFaults(true);
  }

  /** Faults that were told of and have not ended. */
  get known(): readonly FaultName[] {
    return this.machine.state.known;
  }

  /** Makes all checks, now or when no alarm is pending any more. */
  start(): void {
    this.machine.dispatch({ type: "started", nowMs: this.context.clock.nowMs() });
  }

  /** An alarm of a person has the unit to itself. */
  alarmPending(pending: boolean): void {
    this.machine.dispatch({ type: "alarm", nowMs: this.context.clock.nowMs(), pending });
  }

  private perform(effect: SelfCheckEffect): void {
    switch (effect.type) {
      case "begin": {
        const check = effect.check;
        this.port.begin(check, (finding) => {
          this.machine.dispatch({ type: "found", nowMs: this.context.clock.nowMs(), check, finding });
        });
        return;
      }
      case "stop":
        this.port.stop();
        return;
      case "keep":
        this.keep(effect.known);
        return;
      case "tell":
        this.tell(effect.fault, effect.gone);
        return;
      case "finished":
        this.onFaults(effect.known.length > 0);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private tell(name: FaultName, gone: boolean): void {
    const fault = faultOf(name);
    const stc = gone ? inService : malfunction;
    const telling = technical(fault.dty, stc, fault.brief, gone ? malfunction : -1, 0);
    this.context.raise(orderOf(telling, fault.code, -1));
  }

  /** By their codes, three characters each: a later version may know other faults. */
  private keep(known: readonly FaultName[]): void {
    const bytes = new Uint8Array(3 * known.length);
    for (let i = 0; i < known.length; i++) {
      const code = faultOf(known[i] as FaultName).code;
      for (let j = 0; j < 3; j++) bytes[3 * i + j] = code.charCodeAt(j);
    }
    this.context.records.write(knownFaultsKind, 0, bytes);
  }

  private kept(): readonly FaultName[] {
    const bytes = this.context.records.read(knownFaultsKind, 0);
    const known: FaultName[] = [];
    if (bytes === undefined) return known;
    for (let i = 0; i + 3 <= bytes.length; i += 3) {
      const code = String.fromCharCode(bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number);
      const name = nameOfCode(code);
      if (name !== undefined && known.indexOf(name) < 0) known.push(name);
    }
    return known;
  }
}

function nameOfCode(code: string): FaultName | undefined {
  for (const name in faults) if (faultOf(name as FaultName).code === code) return name as FaultName;
  return undefined;
}
