/**
 * Short messages over a modem in PDU mode (3GPP 27.005): settles how they are handled, sends what was ordered, reads what
 * has come and deletes it, so that the memory never stays full. One exchange at a time; a message is one part.
 */
import type { SmsMemory } from "../../protocol/at/sms.ts";
import { isSendHopeless } from "../../protocol/at/sms.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { change, heard, type Turn, wasRead, withChange, withoutIndex } from "./messages-reading.ts";
import {
  type MessagesEffect,
  type MessagesEvent,
  type MessagesState,
  type MessagesWork,
  outboxLimit,
  type SendFault,
  sendAgainMs,
  sendLimit,
  settleAgainMs,
  settleLimit,
  type WaitingOrder,
} from "./messages-state.ts";

const memories: readonly SmsMemory[] = ["SM", "ME"];
/** PDU mode, the memories in turn, then the two forms of news of what is stored. */
const tellStep = 1 + memories.length;
const lastStep = tellStep + 1;

export function stepMessages(before: MessagesState, event: MessagesEvent): Next<MessagesState, MessagesEffect> {
  const turn: Turn = { state: withChange(before, { nowMs: event.nowMs }), effects: [] };
  react(turn, event);
  giveUpLate(turn);
  if (turn.state.working === undefined && wantedWork(turn.state) !== undefined) turn.effects.push({ type: "want" });
  const wakeMs = nextDue(turn.state);
  if (wakeMs !== before.wakeMs && wakeMs >= 0) turn.effects.push({ type: "wake", atMs: wakeMs });
  change(turn, { wakeMs });
  return turn.effects.length === 0 && turn.state === before ? stay(before) : go(turn.state, turn.effects);
}

/** What the line is wanted for now: settling first, then what is to be sent, read, deleted, listed. */
export function wantedWork(state: MessagesState): MessagesWork | undefined {
  if (state.at === "away" || state.working !== undefined) return undefined;
  if (state.at === "settling") return state.nowMs >= state.settleMs ? settling(state.step) : undefined;
  for (const waiting of state.outbox)
    if (state.nowMs >= waiting.notBeforeMs) return { kind: "send", order: waiting.order };
  const first = state.toRead[0];
  if (first !== undefined) return { kind: "read", index: first.index };
  const old = state.toDelete[0];
  if (old !== undefined) return { kind: "delete", index: old };
  return state.mustList ? { kind: "list" } : undefined;
}

function react(turn: Turn, event: MessagesEvent): void {
  switch (event.type) {
    case "began":
      change(turn, { at: "settling", step: 0, settlings: 0, settleMs: event.nowMs, working: undefined });
      change(turn, { header: undefined, follows: "none" });
      return;
    case "ended":
      if (turn.state.working !== undefined) unanswered(turn, turn.state.working);
      // The memory of another SIM has other messages in those places.
      change(turn, { at: "away", toRead: [], toDelete: [], mustList: false, header: undefined, follows: "none" });
      return;
    case "ordered":
      ordered(turn, { order: event.order, tries: 0, notBeforeMs: event.nowMs });
      return;
    case "cancelled":
      change(turn, { outbox: without(turn.state.outbox, event.id) });
      return;
    case "started":
      change(turn, { working: event.work, header: undefined });
      if (event.work.kind === "list") change(turn, { mustList: false, lists: turn.state.lists + 1 });
      return;
    case "heard":
      heard(turn, event.line);
      return;
    case "answered":
      if (turn.state.working !== undefined) answered(turn, turn.state.working, event.ok, event.error);
      return;
    case "unanswered":
      if (turn.state.working !== undefined) unanswered(turn, turn.state.working);
      return;
    case "due":
      return;
  }
}

function settling(step: number): MessagesWork {
  if (step === 0) return { kind: "pdu-mode" };
  if (step < tellStep) return { kind: "memory", memory: memories[step - 1] as SmsMemory };
  return { kind: "tell-stored", plainly: step === lastStep };
}

function ordered(turn: Turn, waiting: WaitingOrder): void {
  const state = turn.state;
  if (state.outbox.length >= outboxLimit) {
    turn.effects.push({ type: "not-sent", id: waiting.order.id, fault: "in-vain" });
    return;
  }
  change(turn, { outbox: state.outbox.concat([waiting]) });
  // A modem that would not settle before is asked once more: somebody needs it now.
  if (state.at === "settling" && state.settlings >= settleLimit)
    change(turn, { settlings: 0, settleMs: state.nowMs, step: 0 });
}

function answered(turn: Turn, work: MessagesWork, ok: boolean, error: number): void {
  change(turn, { working: undefined, header: undefined });
  switch (work.kind) {
    case "pdu-mode":
    case "memory":
    case "tell-stored":
      settled(turn, ok);
      return;
    case "send":
      if (ok) sentWell(turn, work.order.id);
      else notSent(turn, work.order.id, isSendHopeless(error));
      return;
    case "read":
      wasRead(turn, work.index, ok);
      return;
    case "delete":
      change(turn, { toDelete: withoutIndex(turn.state.toDelete, work.index) });
      return;
    case "list":
      return;
  }
}

/** The first memory that is there will do, and the first form of news. Where there is none, what is stored is found after each send. */
function settled(turn: Turn, ok: boolean): void {
  const step = turn.state.step;
  // A SIM that is still busy refuses every memory.
  const isLost = step === 0 || (step === tellStep - 1 && turn.state.settlings + 1 < settleLimit);
  if (!ok && isLost) notSettled(turn);
  else if ((ok && step >= tellStep) || step === lastStep)
    change(turn, { at: "ready", settlings: 0, mustList: true, lists: 0 });
  else change(turn, { step: ok && step > 0 ? tellStep : step + 1 });
}

/** What got no answer may have been done all the same: a message may come twice, which whoever reads it must bear. */
function unanswered(turn: Turn, work: MessagesWork): void {
  answered(turn, work, false, 0);
}

function notSettled(turn: Turn): void {
  const settlings = turn.state.settlings + 1;
  // Beyond the limit it rests until the line comes anew or an order does.
  const settleMs = settlings < settleLimit ? turn.state.nowMs + settleAgainMs * settlings : Number.MAX_VALUE;
  change(turn, { step: 0, settlings, settleMs });
}

function sentWell(turn: Turn, id: number): void {
  change(turn, { outbox: without(turn.state.outbox, id), mustList: true, lists: 0 });
  turn.effects.push({ type: "sent", id });
}

function notSent(turn: Turn, id: number, hopeless: boolean): void {
  const outbox: WaitingOrder[] = [];
  let fault: SendFault | undefined;
  for (const waiting of turn.state.outbox) {
    const tries = waiting.tries + 1;
    if (waiting.order.id !== id) outbox.push(waiting);
    else if (hopeless) fault = "refused";
    else if (tries >= sendLimit) fault = "in-vain";
    else {
      const notBeforeMs = turn.state.nowMs + sendAgainMs * (1 << (tries - 1));
      outbox.push({ order: waiting.order, tries, notBeforeMs });
    }
  }
  change(turn, { outbox, mustList: turn.state.at === "ready", lists: 0 });
  if (fault !== undefined) turn.effects.push({ type: "not-sent", id, fault });
}

/** Orders whose time is over, but for the one on the line. */
function giveUpLate(turn: Turn): void {
  const working = turn.state.working;
  const onLine = working !== undefined && working.kind === "send" ? working.order.id : -1;
  for (const waiting of turn.state.outbox) {
    const order = waiting.order;
    if (turn.state.nowMs < order.untilMs || order.id === onLine) continue;
    change(turn, { outbox: without(turn.state.outbox, order.id) });
    turn.effects.push({ type: "not-sent", id: order.id, fault: "in-vain" });
  }
}

/** The earliest instant at which time alone changes what is wanted, or -1. */
function nextDue(state: MessagesState): number {
  let dueMs = -1;
  const consider = (atMs: number): void => {
    if (atMs > state.nowMs && atMs < Number.MAX_VALUE && (dueMs < 0 || atMs < dueMs)) dueMs = atMs;
  };
  if (state.at === "settling") consider(state.settleMs);
  for (const waiting of state.outbox) {
    consider(waiting.order.untilMs);
    if (state.at === "ready") consider(waiting.notBeforeMs);
  }
  return dueMs;
}

function without(outbox: readonly WaitingOrder[], id: number): readonly WaitingOrder[] {
  const left: WaitingOrder[] = [];
  for (const waiting of outbox) if (waiting.order.id !== id) left.push(waiting);
  return left;
}
