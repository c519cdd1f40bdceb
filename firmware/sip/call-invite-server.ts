/** Holds one INVITE that came in: its answers, their timers and the state that `invite-server-machine.ts` decides on (RFC 3261 17.2.1, RFC 6026 7.1). */
import type { SipRequest } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { CallAnswerSender } from "./call-answer-sender.ts";
import type { CallLine } from "./call-line.ts";
import { isReliableTransport, packetByteLimit } from "./call-line.ts";
import type { CallAnswer } from "./call-messages.ts";
import { answerHop, answerOf, isCopy, plainAnswer, tryingOf } from "./call-messages.ts";
import type { Hop } from "./call-route.ts";
import { CallTimers } from "./call-timers.ts";
import type {
  InviteServerEffect,
  InviteServerEvent,
  InviteServerState,
  InviteServerTimer,
} from "./invite-server-machine.ts";
import { startInviteServer, stepInviteServer } from "./invite-server-machine.ts";
import type { Peer } from "./receiver-address.ts";

export interface InviteServerOwner {
  /** The ACK of our 2xx, once; `ack` may bear a session description. */
  acknowledged(server: InviteServer, ack: SipRequest): void;
  /** No ACK of our 2xx in time: the call is to be ended. */
  unacknowledged(server: InviteServer): void;
}

export class InviteServer {
  readonly request: SipRequest;
  /** Where its answers go. */
  readonly hop: Hop;
  private readonly line: CallLine;
  private readonly owner: InviteServerOwner;
  private readonly tag: string;
  private readonly from: Peer;
  private readonly timers: CallTimers<InviteServerTimer>;
  private state: InviteServerState;
  /** Sends the 2xx until its ACK has come. */
  private readonly sender: CallAnswerSender;
  private bytes: Uint8Array;

  /** `request` is kept; `tag` is ours; `receiver` is who sent it, or -1. */
  constructor(
    line: CallLine,
    owner: InviteServerOwner,
    request: SipRequest,
    tag: string,
    from: Peer,
    receiver: number,
  ) {
    this.line = line;
    this.owner = owner;
    this.request = request;
    this.tag = tag;
    this.from = from;
    this.hop = answerHop(request, from, receiver);
    this.timers = new CallTimers(line.clock, (timer) => this.step({ type: "fired", timer }, undefined));
    // The first 2xx makes the transaction accepted; its copies go through it while it lives.
    this.sender = new CallAnswerSender(
      line.clock,
      () => this.step({ type: "answered", status: 200 }, undefined),
      () => owner.unacknowledged(this),
    );
    this.bytes = new Uint8Array(0);
    const next = startInviteServer(isReliableTransport(this.hop.transport));
    this.state = next.state;
    this.perform(next.effects, undefined);
  }

  get isOver(): boolean {
    return this.state.at === "terminated" && !this.isAwaited;
  }

  /** Whether our 2xx waits for its ACK. */
  get isAwaited(): boolean {
    return this.sender.isAwaited;
  }

  /** Answers the INVITE; a final answer is given once. False where it is too long for its transport: 513 went out in its place. */
  say(what: CallAnswer): boolean {
    const bytes = encodeSip(answerOf(this.request, what, this.tag, this.from));
    const isTooLong = this.hop.transport === "udp" && bytes.length > packetByteLimit;
    this.bytes = isTooLong ? encodeSip(answerOf(this.request, plainAnswer(513), this.tag, this.from)) : bytes;
    if (isTooLong || what.status < 200 || what.status > 299)
      this.step({ type: "answered", status: isTooLong ? 513 : what.status }, undefined);
    else this.sender.start();
    return !isTooLong;
  }

  isCopy(request: SipRequest): boolean {
    return isCopy(this.request, request);
  }

  hearCopy(): void {
    this.step({ type: "heard-copy" }, undefined);
  }

  /** An ACK with the INVITE's CSeq number. */
  hearAck(ack: SipRequest): void {
    this.step({ type: "heard-ack" }, ack);
  }

  /** The call has ended otherwise: the 2xx is sent no more. */
  ended(): void {
    this.sender.ended();
  }

  /** Ends it on the spot, to make room. */
  close(): void {
    this.state = { at: "terminated" };
    this.sender.ended();
    this.timers.stopAll();
  }

  private step(event: InviteServerEvent, ack: SipRequest | undefined): void {
    const next = stepInviteServer(this.state, event);
    this.state = next.state;
    this.perform(next.effects, ack);
  }

  private perform(effects: readonly InviteServerEffect[], ack: SipRequest | undefined): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "send-answer":
          this.line.transmit(this.bytes, this.hop);
          break;
        case "send-trying":
          this.line.transmit(encodeSip(tryingOf(this.request, this.from)), this.hop);
          break;
        case "timer":
          this.timers.set(effect.timer, effect.afterMs);
          break;
        case "stop-timer":
          this.timers.stop(effect.timer);
          break;
        case "report-ack":
          this.takeAck(ack);
          break;
        case "forget": // the 2xx keeps its own timers
        case "report-failure": // the caller has heard nothing of the refusal, and hears nothing more
          break;
      }
    }
  }

  private takeAck(ack: SipRequest | undefined): void {
    if (!this.sender.isAwaited || ack === undefined) return;
    this.sender.acknowledged();
    this.owner.acknowledged(this, ack);
  }
}
