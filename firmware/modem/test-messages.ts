/** For tests only: the messages machine in time moved by hand, with the bounds that hold at every step. A breach throws. */
import type { SmsMemory } from "../../protocol/at/sms.ts";
import { stepMessages, wantedWork } from "./messages-machine.ts";
import {
  type MessagesEffect,
  type MessagesEvent,
  type MessagesState,
  messagesAway,
  outboxLimit,
  toDeleteLimit,
  toReadLimit,
} from "./messages-state.ts";

const far = "+46701234567";

/** The machine in time moved by hand, with a line that is lent when it is wanted. */
export class MessagesPlay {
  state: MessagesState = messagesAway;
  nowMs = 0;
  readonly effects: MessagesEffect[] = [];
  private wakeMs = -1;

  feed(event: MessagesEvent): void {
    const before = JSON.stringify(this.state);
    const next = stepMessages(this.state, event);
    if (JSON.stringify(this.state) !== before) throw new Error("the state was written to");
    this.state = next.state;
    for (const effect of next.effects) {
      this.effects.push(effect);
      if (effect.type === "wake") this.wakeMs = effect.atMs;
    }
    const state = this.state;
    const over = state.toRead.length > toReadLimit || state.toDelete.length > toDeleteLimit;
    if (over || state.outbox.length > outboxLimit) throw new Error("a bound was passed");
  }

  begin(): void {
    this.feed({ type: "began", nowMs: this.nowMs });
  }

  /** Settled, and what is stored was listed: nothing. */
  settle(): void {
    this.begin();
    for (let i = 0; i < 6 && this.take() !== undefined; i++) this.answer(true);
  }

  /** Of no use after `forMs`; nine minutes where absent. */
  order(id: number, forMs?: number): void {
    const order = { id, to: far, text: "Hej", untilMs: this.nowMs + (forMs ?? 540_000) };
    this.feed({ type: "ordered", nowMs: this.nowMs, order });
  }

  /** Lends the line; what it is wanted for, in short. */
  take(): string | undefined {
    const work = wantedWork(this.state);
    if (work === undefined) return undefined;
    this.feed({ type: "started", nowMs: this.nowMs, work });
    if (work.kind === "memory") return work.memory satisfies SmsMemory;
    if (work.kind === "send") return "send " + work.order.id;
    return work.kind === "read" || work.kind === "delete" ? work.kind + " " + work.index : work.kind;
  }

  answer(ok: boolean, error?: number): void {
    this.feed({ type: "answered", nowMs: this.nowMs, ok, error: error ?? 0 });
  }

  hear(line: string): void {
    this.feed({ type: "heard", nowMs: this.nowMs, line });
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.wakeMs >= 0 && this.wakeMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.wakeMs);
      this.wakeMs = -1;
      this.feed({ type: "due", nowMs: this.nowMs });
    }
    this.nowMs = endMs;
  }

  get told(): string[] {
    const told: string[] = [];
    for (const effect of this.effects) {
      if (effect.type === "received") told.push(effect.message.text);
      else if (effect.type === "sent") told.push("sent " + effect.id);
      else if (effect.type === "not-sent") told.push(effect.fault + " " + effect.id);
    }
    return told;
  }
}
