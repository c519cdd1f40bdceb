/** Holds one INVITE of ours: its bytes, its timers and the state that `invite-client-machine.ts` decides on (RFC 3261 17.1.1, RFC 6026 7.2). */
import { ackOfFailure, dialogOfCaller } from "../../protocol/sip/dialog.ts";
import type { SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import type { CallLine } from "./call-line.ts";
import { isReliableTransport } from "./call-line.ts";
import type { Hop } from "./call-route.ts";
import { CallTimers } from "./call-timers.ts";
import type {
  InviteClientEffect,
  InviteClientEvent,
  InviteClientState,
  InviteClientTimer,
} from "./invite-client-machine.ts";
import { startInviteClient, stepInviteClient } from "./invite-client-machine.ts";

export interface InviteClientOwner {
  /** An answer for the user; a 2xx each time that it comes. */
  answered(client: InviteClient, answer: SipResponse): void;
  /** No final answer came. */
  noAnswer(client: InviteClient): void;
}

export class InviteClient {
  readonly request: SipRequest;
  readonly hop: Hop;
  private readonly line: CallLine;
  private readonly owner: InviteClientOwner;
  private readonly bytes: Uint8Array;
  private readonly timers: CallTimers<InviteClientTimer>;
  private state: InviteClientState;
  private refusal: Uint8Array | undefined;

  /** Nothing is sent before `start`. */
  constructor(line: CallLine, owner: InviteClientOwner, request: SipRequest, hop: Hop) {
    this.line = line;
    this.owner = owner;
    this.request = request;
    this.hop = hop;
    this.bytes = encodeSip(request);
    this.timers = new CallTimers(line.clock, (timer) => this.step({ type: "fired", timer }, undefined));
    this.state = { at: "terminated" };
    this.refusal = undefined;
  }

  start(): void {
    const next = startInviteClient(isReliableTransport(this.hop.transport));
    this.state = next.state;
    this.perform(next.effects, undefined);
  }

  get isOver(): boolean {
    return this.state.at === "terminated";
  }

  /** Whether a CANCEL can still change anything (9.1). */
  get isPending(): boolean {
    return this.state.at === "proceeding";
  }

  /** Whether the answer is one to this INVITE (17.1.3). */
  matches(answer: SipResponse): boolean {
    const branch = (this.request.via[0] as Via).branch;
    return answer.cseqMethod === "INVITE" && (answer.via[0] as Via).branch === branch && !this.isOver;
  }

  hear(answer: SipResponse): void {
    this.step({ type: "answered", status: answer.status }, answer);
  }

  cancelled(): void {
    this.step({ type: "cancelled" }, undefined);
  }

  /** Ends it on the spot, to make room. */
  close(): void {
    this.state = { at: "terminated" };
    this.timers.stopAll();
  }

  private step(event: InviteClientEvent, answer: SipResponse | undefined): void {
    const next = stepInviteClient(this.state, event);
    this.state = next.state;
    this.perform(next.effects, answer);
  }

  private perform(effects: readonly InviteClientEffect[], answer: SipResponse | undefined): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "send":
          this.line.transmit(this.bytes, this.hop);
          break;
        case "send-ack":
          if (this.refusal === undefined && answer !== undefined)
            this.refusal = encodeSip(ackOfFailure(this.request, answer));
          if (this.refusal !== undefined) this.line.transmit(this.refusal, this.hop);
          break;
        case "timer":
          this.timers.set(effect.timer, effect.afterMs);
          break;
        case "stop-timer":
          this.timers.stop(effect.timer);
          break;
        case "forget":
          this.timers.stopAll();
          break;
        case "report-answer":
          if (answer !== undefined) this.owner.answered(this, answer);
          break;
        case "report-no-answer":
          this.owner.noAnswer(this);
          break;
      }
    }
  }
}

/** True where the answer is one to any of these INVITEs. A 2xx that opens no dialog is none: it cannot be acknowledged. */
export function hearAnswer(clients: readonly InviteClient[], answer: SipResponse): boolean {
  for (const client of clients) {
    if (!client.matches(answer)) continue;
    const isSuccess = answer.status >= 200 && answer.status < 300;
    if (!isSuccess || dialogOfCaller(client.request, answer).ok) client.hear(answer);
    return true;
  }
  return false;
}
