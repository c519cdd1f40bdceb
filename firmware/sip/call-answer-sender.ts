/** Sends our 200 to an INVITE until its ACK has come (RFC 3261 13.3.1.4); `call-answer-machine.ts` decides. */
import type { Clock } from "../ports/clock.ts";
import type { CallAnswerEffect, CallAnswerEvent, CallAnswerState, CallAnswerTimer } from "./call-answer-machine.ts";
import { startCallAnswer, stepCallAnswer } from "./call-answer-machine.ts";
import { CallTimers } from "./call-timers.ts";

export class CallAnswerSender {
  private readonly send: () => void;
  private readonly onNoAck: () => void;
  private readonly timers: CallTimers<CallAnswerTimer>;
  private state: CallAnswerState;

  /** Nothing is sent before `start`; `onNoAck`: the call is to be ended. */
  constructor(clock: Clock, send: () => void, onNoAck: () => void) {
    this.send = send;
    this.onNoAck = onNoAck;
    this.timers = new CallTimers(clock, (timer) => this.step({ type: "fired", timer }));
    this.state = { at: "over" };
  }

  /** Whether the ACK is still to come. */
  get isAwaited(): boolean {
    return this.state.at === "waiting";
  }

  start(): void {
    const next = startCallAnswer();
    this.state = next.state;
    this.perform(next.effects);
  }

  acknowledged(): void {
    this.step({ type: "heard-ack" });
  }

  /** The call has ended otherwise. */
  ended(): void {
    this.step({ type: "ended" });
  }

  private step(event: CallAnswerEvent): void {
    const next = stepCallAnswer(this.state, event);
    this.state = next.state;
    this.perform(next.effects);
  }

  private perform(effects: readonly CallAnswerEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "send-answer":
          this.send();
          break;
        case "timer":
          this.timers.set(effect.timer, effect.afterMs);
          break;
        case "stop-timer":
          this.timers.stop(effect.timer);
          break;
        case "report-no-ack":
          this.onNoAck();
          break;
      }
    }
  }
}
