/**
 * Brings a modem from power-up to a working data context and keeps it there (3GPP 27.007): off, booting, SIM, registering,
 * attaching, ready. Never more than one exchange runs; every one has its patience; the waits between failures grow.
 */
import type { Fact } from "../../protocol/at/answers.ts";
import { simFaultOf } from "../../protocol/at/answers.ts";
import type { Exchange } from "../../protocol/at/commands.ts";
import { askSim, attention, enterPin, soundings } from "../../protocol/at/commands.ts";
import { dialectOf } from "../../protocol/at/dialects.ts";
import { go, stay } from "../machine.ts";
import type { ModemNext } from "./modem-moves.ts";
import {
  boot,
  callScript,
  cutPower,
  dropping,
  enter,
  pause,
  say,
  sound,
  startMs,
  tryAgain,
  waitOf,
  waitsMs,
  withFirst,
  withScript,
} from "./modem-moves.ts";
import { applies, obey, order, reselectScript, resetScript } from "./modem-recovery.ts";
import type { ModemEvent, ModemPlan, ModemState, SimFault } from "./modem-state.ts";
import {
  dialectFor,
  doubtContext,
  isLendable,
  isRegistered,
  isSimGone,
  learn,
  withChange,
  withLine,
  withReport,
} from "./modem-state.ts";

/** Waits before the registration is asked for again: the modem tells it unasked, this is for the case that it does not. */
const askAgainMs: readonly number[] = [10_000, 20_000, 40_000, 60_000];
/** Pauses after rounds of calls that nobody answered, where the power cannot be cut. */
const silentWaitsMs: readonly number[] = [5_000, 30_000, 60_000, 120_000, 300_000];
/** So often, over five minutes, a network that the modem was told to use is waited for. */
const askLimit = 8;
const callsPerRound = 10;
/** Ready for this long, a modem has its earlier failures forgiven. */
const calmMs = 60_000;
/** From this many failures in a row on, good news does not cut a wait short. */
const patientFromTries = 4;
/** A SIM locks itself after three wrong PINs: one is left for people. */
const pinLimit = 2;
/** How often a modem of an unknown model is asked for it before it is taken for one like the others. */
const introductions = 3;

/** The machine of one modem. */
export function stepModem(plan: ModemPlan, state: ModemState, event: ModemEvent): ModemNext {
  const next = react(plan, state, event);
  if (next.state.report === state.report || sameReport(next.state, state)) return next;
  return go(next.state, next.effects.concat([{ type: "tell-change" }]));
}

function react(plan: ModemPlan, state: ModemState, event: ModemEvent): ModemNext {
  switch (event.type) {
    case "powered":
      return state.report.at === "off" ? withFirst({ type: "power", on: true }, boot(plan, state, 0)) : stay(state);
    case "heard":
      return hear(plan, state, event.fact);
    case "answered":
      return answered(plan, state, event.ok, event.error);
    case "waited":
      return waited(plan, state);
    case "calmed":
      return state.report.at === "ready" ? go(withChange(state, { tries: 0, timeAsked: false }), []) : stay(state);
    case "offered":
      return isLendable(state) ? lend(state, event.exchange) : stay(state);
    case "doubted": {
      if (state.report.at !== "ready") return stay(state);
      const next = withChange(state, { doubted: true });
      return state.line === "idle" ? afterExchange(plan, next) : go(next, []);
    }
    case "settled":
      return go(withChange(state, { settling: false }), []);
    case "ordered":
      return order(plan, state, event.step);
  }
}

function lend(state: ModemState, exchange: Exchange): ModemNext {
  const free = state.line === "pause" ? withChange(state, { pausing: true }) : state;
  return go(withLine(free, "lent", exchange), [{ type: "ask", exchange, lent: true }]);
}

/** What was lent has ended: a pause it came into goes on, unless there is something to do at once. */
function givenBack(plan: ModemPlan, idle: ModemState): ModemNext {
  if (!idle.pausing) return afterExchange(plan, idle);
  const free = withChange(idle, { pausing: false });
  if (free.ordered !== undefined || !isRegistered(free.facts)) return afterExchange(plan, free);
  return go(withLine(free, "pause", undefined), [{ type: "resume" }]);
}

/** What was lent met silence: the modem's own work waits until it is known that it still listens. */
function lentInVain(plan: ModemPlan, state: ModemState): ModemNext {
  const todo = state.pausing ? withScript(plan, state).todo : [];
  return dropping(state, sound(withChange(state, { silences: 0, todo, index: 0, pausing: false })));
}

function sameReport(a: ModemState, b: ModemState): boolean {
  const one = a.report;
  const two = b.report;
  return (
    one.at === two.at &&
    one.signal === two.signal &&
    one.operator === two.operator &&
    one.generation === two.generation &&
    one.roaming === two.roaming &&
    one.denied === two.denied &&
    one.address === two.address &&
    one.model === two.model &&
    one.selection === two.selection &&
    one.simFault === two.simFault
  );
}

function hear(plan: ModemPlan, before: ModemState, fact: Fact): ModemNext {
  if (before.report.at === "off" || before.line === "power-pause") return stay(before);
  if (fact.type === "started") return restarted(plan, before);
  if (fact.type === "powered-down") {
    const tries = before.tries + 1;
    return dropping(before, boot(plan, withChange(before, { tries }), Math.max(startMs, waitOf(waitsMs, tries))));
  }
  if (fact.type === "clock") return go(before, [{ type: "tell-time", wallMs: fact.wallMs }]);
  const state = learn(before, fact);
  if (fact.type === "clock-set") return state.report.at === "ready" ? askTime(plan, state) : stay(state);
  if (state.line === "idle" && state.report.at === "ready") return afterExchange(plan, state);
  const waits = state.line === "idle" || (state.line === "pause" && state.tries < patientFromTries);
  if (waits && isSimGone(state)) return afterExchange(plan, state);
  if (waits && state.report.at === "registering" && isRegistered(state.facts)) return goOn(plan, state);
  if (waits && state.report.at === "failed" && state.facts.sim === "ready") return goOn(plan, state);
  return go(state, []);
}

/** Now where the line is free, after the exchange of its user where it is lent. */
function askTime(plan: ModemPlan, state: ModemState): ModemNext {
  if (state.timeAsked || (state.line !== "idle" && state.line !== "lent")) return go(state, []);
  const next = withScript(plan, withChange(state, { timeAsked: true }));
  return withFirst({ type: "calm", afterMs: calmMs }, state.line === "idle" ? say(next) : go(next, []));
}

/** What the modem knew is gone. Restarts of its own are failures, so that a modem in a loop is left in peace. */
function restarted(plan: ModemPlan, state: ModemState): ModemNext {
  if (state.report.at === "booting" && state.line === "pause") {
    if (!state.startExpected) return stay(state);
    return say(withChange(state, { startExpected: false }));
  }
  const tries = state.tries + 1;
  return dropping(state, boot(plan, withChange(state, { tries }), waitOf(waitsMs, tries)));
}

function waited(plan: ModemPlan, state: ModemState): ModemNext {
  switch (state.line) {
    case "idle":
      return stay(state);
    case "pause":
      return say(withChange(state, { startExpected: false }));
    case "power-pause":
      return withFirst({ type: "power", on: true }, pause(withChange(state, { startExpected: true }), startMs));
    case "asked":
      if (state.asking === attention) return noAttention(plan, state);
      return dropping(state, sound(withChange(state, { silences: 0 })));
    case "lent":
      return lentInVain(plan, state);
    case "sounding": {
      const silences = state.silences + 1;
      if (silences < soundings.length) return dropping(state, sound(withChange(state, { silences })));
      const tries = state.tries + 1;
      return dropping(state, boot(plan, withChange(state, { tries, silences: 0 }), waitOf(waitsMs, tries)));
    }
  }
}

function noAttention(plan: ModemPlan, state: ModemState): ModemNext {
  const silences = state.silences + 1;
  const next = withChange(state, { silences });
  if (silences % callsPerRound !== 0) return dropping(state, say(next));
  const round = Math.floor(silences / callsPerRound);
  // A modem that is still starting answers within the second round; after that a longer wait alone does not help.
  if (plan.canPower && round > 1) return dropping(state, cutPower(plan, next, round - 1));
  return dropping(state, pause(withChange(next, { startExpected: true }), waitOf(silentWaitsMs, round)));
}

function answered(plan: ModemPlan, before: ModemState, ok: boolean, error: number): ModemNext {
  const asked = before.asking;
  if (asked === undefined) return stay(before);
  const idle = withLine(before, "idle", undefined);
  switch (before.line) {
    case "lent":
      return givenBack(plan, idle);
    case "sounding":
      // A refusal may be a late answer as well: the next sounding tells.
      if (!ok && before.silences + 1 < soundings.length)
        return sound(withChange(idle, { silences: before.silences + 1 }));
      return afterSounding(plan, withChange(idle, { silences: 0 }));
    default:
      if (!ok && !asked.optional) return refused(plan, idle, asked, error);
      return afterExchange(plan, withChange(idle, { index: idle.index + 1, silences: 0 }));
  }
}

/** The modem answers again. What got no answer is skipped where work can go on without it, and begun anew where not. */
function afterSounding(plan: ModemPlan, state: ModemState): ModemNext {
  const silent = state.todo[state.index];
  if (silent !== undefined && !silent.optional) return tryAgain(plan, state);
  return afterExchange(plan, withChange(state, { index: state.index + 1 }));
}

function refused(plan: ModemPlan, state: ModemState, asked: Exchange, error: number): ModemNext {
  const at = state.report.at;
  if (at === "attaching") return notAttached(plan, state);
  if (at !== "sim" && at !== "failed") return tryAgain(plan, state);
  if (asked !== askSim) {
    // 16 is "incorrect password" (27.007 9.2.1): never that PIN again.
    return simFailed(withChange(state, { pinsSent: error === 16 ? pinLimit : state.pinsSent }), "pin-refused");
  }
  const sim = simFaultOf(error);
  return sim === undefined ? tryAgain(plan, state) : judgeSim(plan, learn(state, { type: "sim", sim }));
}

/** The line is free: what was ordered, what has changed meanwhile, what is still to be said, or what comes next. */
function afterExchange(plan: ModemPlan, state: ModemState): ModemNext {
  const at = state.report.at;
  const step = state.ordered;
  if (step !== undefined) {
    const free = withChange(state, { ordered: undefined });
    return applies(free, step) ? obey(plan, free, step) : afterExchange(plan, free);
  }
  if (isSimGone(state)) {
    const tries = state.tries + 1;
    const gone = withReport(withChange(state, { tries }), { at: "sim" });
    return dropping(state, pause(withScript(plan, gone), waitOf(waitsMs, tries)));
  }
  if ((at === "ready" || at === "attaching") && !isRegistered(state.facts)) {
    const tries = state.tries + 1;
    const lost = withReport(withChange(state, { tries, asks: 0 }), { at: "registering" });
    return dropping(state, pause(withScript(plan, lost), Math.max(waitOf(askAgainMs, 1), waitOf(waitsMs, tries))));
  }
  if (at === "ready" && !state.facts.contextActive)
    return dropping(state, tryAgain(plan, withReport(state, { at: "attaching" })));
  if (at === "ready" && state.doubted) {
    const dialect = dialectFor(plan, state);
    return say(withChange(doubtContext(state), { todo: [dialect.askContext].concat(dialect.look), index: 0 }));
  }
  return state.index < state.todo.length ? say(state) : goOn(plan, state);
}

/** All of this phase has been said. */
function goOn(plan: ModemPlan, state: ModemState): ModemNext {
  switch (state.report.at) {
    case "booting":
      if (state.todo === resetScript)
        return pause(withChange(withScript(plan, state), { startExpected: true }), startMs);
      if (state.todo === callScript) return introduced(plan, state);
      return enter(plan, state, "sim");
    case "sim":
    case "failed":
      return judgeSim(plan, state);
    case "registering": {
      const asks = state.asks + 1;
      if (isRegistered(state.facts)) return enter(plan, withChange(state, { asks: 0 }), "attaching");
      if (state.report.selection !== "" && asks >= askLimit) return choosesItself(state, asks);
      return pause(withScript(plan, withChange(state, { asks })), waitOf(askAgainMs, asks));
    }
    case "attaching":
      return attached(plan, state);
    default:
      return go(state, []);
  }
}

/** The network it was told to use is not to be had: it chooses itself again. */
function choosesItself(state: ModemState, asks: number): ModemNext {
  const free = withReport(withChange(state, { asks, choice: 0 }), { selection: "" });
  return say(withChange(free, { todo: reselectScript, index: 0 }));
}

/** A modem that did not say who it is, or not so that it is known, is asked a few times more. */
function introduced(plan: ModemPlan, state: ModemState): ModemNext {
  if (isStranger(plan, state) && state.tries < introductions) return tryAgain(plan, state);
  return say(withChange(state, { todo: dialectFor(plan, state).powerUp, index: 0 }));
}

/** No context: a modem that did not say who it is may have been spoken to in the wrong way, and is asked anew. */
function notAttached(plan: ModemPlan, state: ModemState): ModemNext {
  if (!isStranger(plan, state)) return tryAgain(plan, state);
  const tries = state.tries + 1;
  return boot(plan, withChange(state, { tries }), waitOf(waitsMs, tries));
}

function isStranger(plan: ModemPlan, state: ModemState): boolean {
  return plan.dialect === undefined && dialectOf(state.report.model) === undefined;
}

function attached(plan: ModemPlan, state: ModemState): ModemNext {
  const dialect = dialectFor(plan, state);
  if (state.facts.contextActive) {
    const next = enter(plan, state, "ready");
    return go(
      next.state,
      next.effects.concat([
        { type: "sockets", order: "open" },
        { type: "calm", afterMs: calmMs },
      ]),
    );
  }
  if (state.todo.indexOf(dialect.activate) >= 0) return notAttached(plan, state);
  // A context that only the modem still believes in refuses to be activated again.
  return say(withChange(state, { todo: [dialect.deactivate, dialect.activate, dialect.askContext], index: 0 }));
}

function judgeSim(plan: ModemPlan, state: ModemState): ModemNext {
  switch (state.facts.sim) {
    case "ready":
      return enter(plan, withReport(withChange(state, { pinsSent: 0 }), { simFault: "none" }), "registering");
    case "pin": {
      if (plan.settings.pin === "") return simFailed(state, "pin-missing");
      if (state.pinsSent >= pinLimit) return simFailed(state, "pin-refused");
      const asked = withReport(withChange(state, { pinsSent: state.pinsSent + 1 }), { at: "sim", simFault: "none" });
      return say(withChange(asked, { todo: [enterPin(plan.settings.pin), askSim], index: 0 }));
    }
    case "puk":
      return simFailed(state, "locked");
    case "absent":
    case "faulty":
      return tryAgain(plan, withReport(state, { at: "failed", simFault: state.facts.sim }));
    default:
      return tryAgain(plan, state);
  }
}

/** Nothing but another SIM, another setting or a restart helps: asking again could lock the SIM. */
function simFailed(state: ModemState, simFault: SimFault): ModemNext {
  return go(withReport(withChange(state, { line: "idle", todo: [], index: 0 }), { at: "failed", simFault }), []);
}
