/**
 * The recovery ladder of a modem: what each step says to it. When a step is due is decided outside, by whoever sees that no
 * receiver answers over this route: being registered proves nothing.
 */
import type { Exchange } from "../../protocol/at/commands.ts";
import {
  askCircuit,
  askPacket,
  attach,
  chooseNetwork,
  chooseOperator,
  detach,
  leaveOperator,
  reset,
} from "../../protocol/at/commands.ts";
import { go, stay } from "../machine.ts";
import type { ModemNext } from "./modem-moves.ts";
import { cutPower, dropping, forget, say, withFirst } from "./modem-moves.ts";
import type { ModemPlan, ModemState, RecoveryStep } from "./modem-state.ts";
import { dialectFor, learn, withChange, withReport } from "./modem-state.ts";

const strength: readonly RecoveryStep[] = ["reopen", "reattach", "reselect", "reset", "power-cycle"];
export const reselectScript: readonly Exchange[] = [leaveOperator, chooseOperator, askPacket, askCircuit];
const settleMs = 300_000;
export const resetScript: readonly Exchange[] = [reset];

/** A step is ordered: taken at once where the line is free, after the running exchange where not; the stronger one wins. */
export function order(plan: ModemPlan, state: ModemState, step: RecoveryStep): ModemNext {
  if (!applies(state, step)) return stay(state);
  if (step === "reopen") return go(state, [{ type: "sockets", order: "reopen" }]);
  if (step === "power-cycle" && plan.canPower) return dropping(state, cutPower(plan, state, 1));
  if (state.line === "idle" || state.line === "pause") return obey(plan, state, step);
  const kept = state.ordered;
  const ordered = kept !== undefined && strength.indexOf(kept) > strength.indexOf(step) ? kept : step;
  const interrupts = state.line === "asked" && state.asking !== undefined && state.asking.abortable;
  return go(withChange(state, { ordered }), interrupts ? [{ type: "interrupt" }] : []);
}

/** Whether the step means anything now: nothing can be attached anew before the SIM is ready. */
export function applies(state: ModemState, step: RecoveryStep): boolean {
  const at = state.report.at;
  if (at === "off" || state.line === "power-pause") return false;
  if (step === "reopen") return at === "ready";
  if (step === "reset" || step === "power-cycle") return true;
  return at === "registering" || at === "attaching" || at === "ready";
}

/** Takes a step that applies, on a free line. */
export function obey(plan: ModemPlan, state: ModemState, step: RecoveryStep): ModemNext {
  switch (step) {
    case "reopen":
      return go(state, [{ type: "sockets", order: "reopen" }]);
    case "reattach":
      return network(state, [dialectFor(plan, state).deactivate, detach, attach, askPacket, askCircuit]);
    case "reselect":
      return reselect(plan, state);
    case "reset":
    case "power-cycle":
      return dropping(state, say(withChange(forget(state), { todo: resetScript, index: 0 })));
  }
}

/**
 * The modem chooses anew, and comes back to the same network where that is the strongest. So where the settings name others, the
 * next time one of them is told, each in turn; two changes are never closer than five minutes, in between the choice is repeated.
 */
function reselect(plan: ModemPlan, state: ModemState): ModemNext {
  const operators = plan.settings.operators ?? [];
  if (operators.length === 0) return network(state, reselectScript);
  const choice = state.settling ? state.choice : (state.choice + 1) % (operators.length + 1);
  const plmn = choice <= 0 ? "" : (operators[choice - 1] as string);
  const next = withReport(withChange(state, { choice, settling: true }), { selection: plmn });
  const script = plmn === "" ? reselectScript : [leaveOperator, chooseNetwork(plmn), askPacket, askCircuit];
  return state.settling
    ? network(next, script)
    : withFirst({ type: "settle", afterMs: settleMs }, network(next, script));
}

function network(state: ModemState, todo: readonly Exchange[]): ModemNext {
  const lost = learn(withReport(state, { at: "registering" }), { type: "context-lost" });
  return dropping(state, say(withChange(lost, { todo, index: 0, asks: 0 })));
}
