/** The moves of the modem machine: each answers the next state and its effects, none decides when it is due. */
import type { Exchange } from "../../protocol/at/commands.ts";
import {
  askCircuit,
  askModel,
  askPacket,
  askSim,
  attach,
  attention,
  chooseOperator,
  echoOff,
  numericErrors,
  radioOn,
  soundings,
} from "../../protocol/at/commands.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import type { ModemAt, ModemEffect, ModemPlan, ModemState } from "./modem-state.ts";
import { dialectFor, learn, modemOff, withChange, withLine, withReport } from "./modem-state.ts";

export type ModemNext = Next<ModemState, ModemEffect>;

/** Waits after the first, second ... failure in a row. */
export const waitsMs: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000];
/** A modem says that it has started; where it does not, this is long enough. */
export const startMs = 10_000;
/** How long the power is cut, the first and each further time without an answer in between. */
const powerOffMs: readonly number[] = [2_000, 5_000, 30_000, 60_000, 120_000, 300_000];
const registrationScript: readonly Exchange[] = [askPacket, askCircuit];
/** For a modem that does not even search: whatever a step of recovery that was cut short has left behind. */
const wakeScript: readonly Exchange[] = [radioOn, attach, chooseOperator, askPacket, askCircuit];
/** To any modem, before it is known how to speak to it. */
export const callScript: readonly Exchange[] = [attention, echoOff, numericErrors, askModel];
const simScript: readonly Exchange[] = [askSim];

/** The `count`-th wait of a list, its last from there on. */
export function waitOf(list: readonly number[], count: number): number {
  return list[Math.max(0, Math.min(count, list.length) - 1)] as number;
}

/** Says what stands at `index`. */
export function say(state: ModemState): ModemNext {
  const exchange = state.todo[state.index] as Exchange;
  return go(withLine(state, "asked", exchange), [{ type: "ask", exchange, lent: false }]);
}

/** Sounds whether a modem that has not answered is still there. */
export function sound(state: ModemState): ModemNext {
  const exchange = soundings[state.silences % soundings.length] as Exchange;
  return go(withLine(state, "sounding", exchange), [{ type: "ask", exchange, lent: false }]);
}

export function pause(state: ModemState, afterMs: number): ModemNext {
  return go(withLine(state, "pause", undefined), [{ type: "pause", afterMs }]);
}

/** Begins the phase anew after a wait that grows. */
export function tryAgain(plan: ModemPlan, state: ModemState): ModemNext {
  const tries = state.tries + 1;
  return pause(withChange(withScript(plan, state), { tries }), waitOf(waitsMs, tries));
}

export function enter(plan: ModemPlan, state: ModemState, at: ModemAt): ModemNext {
  return say(withScript(plan, withReport(state, { at })));
}

/** From the start; what was known of network and SIM is forgotten. With a wait of 0 the modem is called at once. */
export function boot(plan: ModemPlan, state: ModemState, afterMs: number): ModemNext {
  const fresh = withScript(plan, forget(state));
  return afterMs === 0 ? say(fresh) : pause(fresh, afterMs);
}

/** Cuts the power; how long depends on the rounds of silence before. */
export function cutPower(plan: ModemPlan, state: ModemState, round: number): ModemNext {
  const off = withLine(withScript(plan, forget(state)), "power-pause", undefined);
  return go(off, [
    { type: "power", on: false },
    { type: "pause", afterMs: waitOf(powerOffMs, round) },
  ]);
}

/** The state as after power-up; kept are the failures so far, the PINs sent, and the network chosen: modems remember it as well. */
export function forget(state: ModemState): ModemState {
  const fresh = withReport(modemOff, {
    at: "booting",
    model: state.report.model,
    simFault: "none",
    selection: state.report.selection,
  });
  return withChange(fresh, {
    tries: state.tries,
    silences: state.silences,
    pinsSent: state.pinsSent,
    choice: state.choice,
    settling: state.settling,
  });
}

/** The same with what this phase has to say, from its beginning. */
export function withScript(plan: ModemPlan, state: ModemState): ModemState {
  const dialect = dialectFor(plan, state);
  switch (state.report.at) {
    case "booting":
      return withChange(state, { todo: callScript, index: 0 });
    case "registering":
      return withChange(state, { todo: isIdle(state) ? wakeScript : registrationScript, index: 0 });
    case "attaching": {
      const define = dialect.defineContext(plan.settings.apn, plan.settings.user, plan.settings.password);
      // Asking answers no line at all where no context is active.
      const unknown = learn(state, { type: "context-lost" });
      return withChange(unknown, { todo: dialect.look.concat([define, dialect.askContext]), index: 0 });
    }
    case "ready":
      return withChange(state, { todo: [dialect.askClock], index: 0 });
    default:
      return withChange(state, { todo: simScript, index: 0 });
  }
}

function isIdle(state: ModemState): boolean {
  return state.asks > 0 && state.facts.packet === "none" && state.facts.circuit === "none";
}

export function withFirst(effect: ModemEffect, next: ModemNext): ModemNext {
  return go(next.state, [effect].concat(next.effects));
}

/** What `before` had going is given up first: the running exchange, and the sockets of a modem that was ready. */
export function dropping(before: ModemState, next: ModemNext): ModemNext {
  const first: ModemEffect[] = [];
  if (before.asking !== undefined) first.push({ type: "abandon" });
  if (before.line === "lent") first.push({ type: "lent-failed" });
  if (before.report.at === "ready" && next.state.report.at !== "ready") first.push({ type: "sockets", order: "fail" });
  return first.length === 0 ? next : go(next.state, first.concat(next.effects));
}
