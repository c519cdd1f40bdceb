/** Messages that come: what the lines of a modem tell of them, which are still to be read, and which are to be deleted. */
import { isFullNews, pduOf, smsHeaderOf, smsNewsOf } from "../../protocol/at/sms.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import { decodeDeliver, lengthForModem } from "../../protocol/at/sms-pdu.ts";
import {
  listLimit,
  type MessagesEffect,
  type MessagesState,
  readLimit,
  type Stored,
  toDeleteLimit,
  toReadLimit,
} from "./messages-state.ts";

/** One step: the state that grows, and what it asks for. */
export interface Turn {
  state: MessagesState;
  readonly effects: MessagesEffect[];
}

/** It is deleted once it was read, or cannot be. */
export function wasRead(turn: Turn, index: number, ok: boolean): void {
  const left: Stored[] = [];
  for (const stored of turn.state.toRead) {
    if (stored.index !== index) left.push(stored);
    else if (!ok && stored.tries + 1 < readLimit) left.push({ index, tries: stored.tries + 1 });
    else deleteLater(turn, index);
  }
  change(turn, { toRead: left });
}

export function heard(turn: Turn, line: string): void {
  const state = turn.state;
  if (state.follows !== "none") change(turn, { follows: "none" });
  if (state.follows !== "none" && !line.startsWith("+")) {
    const told = state.follows === "message" ? messageIn(line, -1) : undefined;
    if (told !== undefined) turn.effects.push({ type: "received", message: told });
    return;
  }
  const news = smsNewsOf(line);
  if (news !== undefined) {
    if (news.type === "sms-stored") readLater(turn, news.index, 0);
    else change(turn, { follows: news.report ? "report" : "message" });
    return;
  }
  if (isFullNews(line)) change(turn, { mustList: true, lists: 0 });
  const work = state.working;
  if (work === undefined || (work.kind !== "read" && work.kind !== "list")) return;
  const header = smsHeaderOf(line);
  if (header !== undefined) change(turn, { header });
  else if (state.header !== undefined) heardMessage(turn, work.kind === "read" ? work.index : state.header.index, line);
}

function heardMessage(turn: Turn, index: number, line: string): void {
  const header = turn.state.header;
  const isReading = turn.state.working !== undefined && turn.state.working.kind === "read";
  change(turn, { header: undefined });
  if (header === undefined) return;
  const isOwn = header.status === "unsent" || header.status === "sent";
  const message = isOwn ? undefined : messageIn(line, header.length);
  if (message !== undefined) turn.effects.push({ type: "received", message });
  if (isReading) return;
  // What the line has damaged is read once more by itself; what is no received message goes at once.
  if (message === undefined && !isOwn) readLater(turn, index, 0);
  else deleteLater(turn, index);
}

/** `length` counts octets without the service centre; below 0 where it was not told. */
function messageIn(line: string, length: number): SmsDeliver | undefined {
  const pdu = pduOf(line);
  if (!pdu.ok || pdu.value.length === 0) return undefined;
  if (length >= 0 && lengthForModem(pdu.value) !== length) return undefined;
  const message = decodeDeliver(pdu.value);
  return message.ok ? message.value : undefined;
}

function readLater(turn: Turn, index: number, tries: number): void {
  const state = turn.state;
  for (const stored of state.toRead) if (stored.index === index) return;
  // A new message may have taken the place of one that was to be deleted.
  change(turn, { toDelete: withoutIndex(state.toDelete, index) });
  if (state.toRead.length >= toReadLimit) listAgain(turn);
  else change(turn, { toRead: state.toRead.concat([{ index, tries }]) });
}

function deleteLater(turn: Turn, index: number): void {
  const state = turn.state;
  if (state.toDelete.indexOf(index) >= 0) return;
  if (state.toDelete.length >= toDeleteLimit) listAgain(turn);
  else change(turn, { toDelete: state.toDelete.concat([index]) });
}

function listAgain(turn: Turn): void {
  if (turn.state.lists < listLimit) change(turn, { mustList: true });
}

export function withoutIndex(indexes: readonly number[], index: number): readonly number[] {
  const left: number[] = [];
  for (const other of indexes) if (other !== index) left.push(other);
  return left;
}

export function change(turn: Turn, to: Partial<MessagesState>): void {
  turn.state = withChange(turn.state, to);
}

export function withChange(state: MessagesState, to: Partial<MessagesState>): MessagesState {
  return Object.assign({}, state, to);
}
