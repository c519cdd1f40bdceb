/** A telephone's end of SIP: it gives each message to its call, answers what belongs to none, and lets one call ring at a time (RFC 3261 8.2, 9.2, 12.2.2, 13.3 and 15.1.2). */
import { decodeDtmf, decodeKeyPress, dtmfRelayType, dtmfType } from "../../protocol/sip/dtmf-relay.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import type { Clock } from "../ports/clock.ts";
import type { OpenMedia } from "../ports/media.ts";
import type { SpeechMode } from "../ports/voice.ts";
import { judgeInvite } from "./call-judging.ts";
import type { CallUserEvents } from "./call-leg.ts";
import { CallLeg } from "./call-leg.ts";
import { allowHeader, CallLine, packetByteLimit } from "./call-line.ts";
import type { CallAnswer } from "./call-messages.ts";
import { answerHop, answerOf, hasType, isCopy, isModest, keptRequest, noBody, plainAnswer } from "./call-messages.ts";
import { isOfCalls } from "./call-methods.ts";
import { CallRequestServer } from "./call-request-server.ts";
import type { CallRoute, CallUser } from "./call-route.ts";
import type { CallEffect, CallEvent } from "./call-state.ts";
import type { Peer } from "./receiver-address.ts";

export interface CallAgentOptions extends CallUserEvents {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  readonly route: CallRoute;
  readonly openMedia: OpenMedia;
  /** Whether somebody may call: `uri` is his From, `host` where the INVITE came from; `receiver` speaks from there, or -1. Others hear 603. */
  readonly mayCall: (uri: string, host: string, receiver: number) => boolean;
  /** Whether an INVITE for that user is for us; absent: for that of the address of record. */
  readonly isOurs?: ((user: string | undefined) => boolean) | undefined;
  /** It rings; `uri` is the caller's From. Never called from inside a method of a call. */
  readonly onIncoming: (call: CallLeg, uri: string) => void;
  readonly observe: ((event: CallEvent, effects: readonly CallEffect[]) => void) | undefined;
}

/** Calls that live at once, those included that only wait for the last copies; of these the oldest gives way. */
export const callLimit = 4;
/** INVITEs that are remembered as turned away while there was a call; of these the oldest gives way. */
export const refusedLimit = 16;

export class CallAgent implements CallUser {
  /** Whether a call that comes in may ring now; false: 480. */
  isOpen: boolean;
  private readonly options: CallAgentOptions;
  private readonly line: CallLine;
  private readonly requests: CallRequestServer;
  private readonly calls: CallLeg[];
  private readonly isOurs: (user: string | undefined) => boolean;
  private readonly refused: { readonly request: SipRequest; readonly status: number }[];
  /** Of answers that open no dialog. */
  private readonly tag: string;

  constructor(options: CallAgentOptions) {
    this.isOpen = true;
    this.options = options;
    this.line = new CallLine(options.clock, options.random, options.route);
    this.requests = new CallRequestServer(this.line);
    this.calls = [];
    this.refused = [];
    const own = this.line.user;
    this.isOurs = options.isOurs ?? ((user) => user === own);
    this.tag = this.line.newText(8);
    options.route.attach(this);
  }

  /** Calls `target`, a SIP address; the outcome comes as an event. */
  dial(target: string, mode: SpeechMode): CallLeg {
    const call = this.newCall(mode);
    this.calls.push(call);
    call.call(target);
    return call;
  }

  hear(message: SipMessage, from: Peer): boolean {
    if (message.kind === "response") return this.hearAnswer(message);
    if (!isOfCalls(message.method) && !(message.method === "OPTIONS" && this.callOf(message) !== undefined))
      return false;
    if (isModest(message)) this.hearRequest(message, from);
    return true;
  }

  private hearAnswer(answer: SipResponse): boolean {
    if (!isOfCalls(answer.cseqMethod)) return false;
    if (answer.via.length !== 1 || !isModest(answer) || this.line.hear(answer)) return true;
    for (const call of this.calls) if (call.hearAnswer(answer)) return true;
    return true;
  }

  private hearRequest(request: SipRequest, from: Peer): void {
    switch (request.method) {
      case "ACK":
        for (const call of this.calls) call.hearAck(request);
        return;
      case "INVITE":
        if (request.to.tag === undefined) this.hearInvite(request, from);
        else this.hearRenewal(request, from);
        return;
      case "CANCEL":
        if (!this.requests.hearCopy(request)) this.hearCancel(request, from);
        return;
      default:
        if (!this.requests.hearCopy(request)) this.hearWithin(request, from);
    }
  }

  private hearInvite(request: SipRequest, from: Peer): void {
    for (const call of this.calls) {
      const invitation = call.invitation === undefined ? undefined : call.invitation.server;
      if (invitation === undefined) continue;
      if (invitation.isCopy(request)) {
        invitation.hearCopy();
        return;
      }
      if (isMerged(invitation.request, request)) {
        this.reply(request, plainAnswer(482), from); // 8.2.2.2
        return;
      }
    }
    const receiver = this.options.route.receiverAt(request.from.uri, from.host);
    const isAllowed = this.options.mayCall(request.from.uri, from.host, receiver);
    const refusal = judgeInvite(request, this.isOurs, isAllowed) ?? this.occupied(request);
    if (refusal !== undefined) {
      this.reply(request, refusal, from);
      return;
    }
    const call = this.newCall("duplex");
    if (!call.ring(keptRequest(request), from, receiver)) {
      call.close();
      this.reply(request, plainAnswer(400), from);
      return;
    }
    this.calls.push(call);
    this.options.onIncoming(call, request.from.uri);
  }

  /** Who was turned away stays so: a late copy of his INVITE must not ring when he has long given up. */
  private occupied(request: SipRequest): CallAnswer | undefined {
    for (const refused of this.refused) if (isCopy(refused.request, request)) return plainAnswer(refused.status);
    let isBusy = false;
    for (const call of this.calls) if (call.isHeld) isBusy = true;
    if (this.isOpen && !isBusy) return undefined;
    const status = this.isOpen ? 486 : 480;
    this.refused.push({ request: keptRequest(request), status });
    if (this.refused.length > refusedLimit) this.refused.shift();
    return plainAnswer(status);
  }

  private hearRenewal(request: SipRequest, from: Peer): void {
    const call = this.callOf(request);
    const renewal = call === undefined ? undefined : call.renewals;
    if (call === undefined || renewal === undefined) {
      this.reply(request, plainAnswer(481), from);
      return;
    }
    if (renewal.hearCopy(request)) return;
    const isEarly = call.isUnsettled;
    if (!isEarly && !call.order(request)) {
      this.reply(request, plainAnswer(500), from);
      return;
    }
    const receiver = this.options.route.receiverAt(request.from.uri, from.host);
    if (isEarly || !renewal.hearInvite(keptRequest(request), from, "", receiver))
      this.reply(request, plainAnswer(491), from);
  }

  /** 9.2: a CANCEL that comes after the answer is answered, and changes nothing. */
  private hearCancel(request: SipRequest, from: Peer): void {
    for (const call of this.calls) {
      const invitation = call.invitation;
      if (invitation === undefined || !isCancelOf(request, invitation.server.request)) continue;
      this.serve(request, plainAnswer(200), invitation.tag, from);
      call.cancelled();
      return;
    }
    this.serve(request, plainAnswer(481), this.tag, from);
  }

  private hearWithin(request: SipRequest, from: Peer): void {
    const call = this.callOf(request);
    if (call === undefined) this.serve(request, plainAnswer(481), this.tag, from);
    else if (!call.order(request)) this.serve(request, plainAnswer(500), this.tag, from);
    else this.serve(request, this.answerWithin(call, request, from), this.tag, from);
    if (call !== undefined && request.method === "BYE") call.hearBye(request);
  }

  private answerWithin(call: CallLeg, request: SipRequest, from: Peer): CallAnswer {
    switch (request.method) {
      case "BYE":
        return plainAnswer(200);
      case "OPTIONS":
        return { status: 200, headers: [allowHeader], body: noBody };
      case "INFO":
        return this.answerInfo(call, request);
      case "UPDATE": {
        const renewal = call.renewals;
        return renewal === undefined || call.isUnsettled ? plainAnswer(491) : renewal.hearUpdate(request, from);
      }
      default:
        return plainAnswer(481); // PRACK: none of our answers asks for one (RFC 3262 3)
    }
  }

  private answerInfo(call: CallLeg, request: SipRequest): CallAnswer {
    const isRelay = hasType(request, dtmfRelayType);
    if (!isRelay && !hasType(request, dtmfType)) return plainAnswer(request.body.length === 0 ? 200 : 415);
    const press = isRelay ? decodeKeyPress(request.body) : decodeDtmf(request.body);
    if (!press.ok) return plainAnswer(400);
    call.hearKey("info", press.value.key);
    return plainAnswer(200);
  }

  private callOf(request: SipRequest): CallLeg | undefined {
    for (const call of this.calls) if (call.has(request)) return call;
    return undefined;
  }

  /** An answer that keeps nothing: each copy of the request gets the same (8.2.7). */
  private reply(request: SipRequest, what: CallAnswer, from: Peer): void {
    const receiver = this.options.route.receiverAt(request.from.uri, from.host);
    this.line.transmit(encodeSip(answerOf(request, what, this.tag, from)), answerHop(request, from, receiver));
  }

  private serve(request: SipRequest, what: CallAnswer, tag: string, from: Peer): void {
    const receiver = this.options.route.receiverAt(request.from.uri, from.host);
    const hop = answerHop(request, from, receiver);
    const bytes = encodeSip(answerOf(request, what, tag, from));
    if (hop.transport === "udp" && bytes.length > packetByteLimit) return;
    this.requests.answer(request, what.status, bytes, hop);
  }

  /** A call that is not in the list yet, for which there is room. */
  private newCall(mode: SpeechMode): CallLeg {
    for (let i = this.calls.length - 1; i >= 0; i--) if ((this.calls[i] as CallLeg).isOver) this.calls.splice(i, 1);
    for (let i = 0; i < this.calls.length && this.calls.length >= callLimit; i++) {
      const call = this.calls[i] as CallLeg;
      if (call.isHeld) continue;
      call.close();
      this.calls.splice(i, 1);
      i--;
    }
    return new CallLeg({
      line: this.line,
      openMedia: this.options.openMedia,
      user: this.options,
      mode,
      observe: this.options.observe,
    });
  }
}

/** The same INVITE over another way. */
function isMerged(one: SipRequest, other: SipRequest): boolean {
  return one.callId === other.callId && one.cseq === other.cseq && one.from.tag === other.from.tag;
}

/** A CANCEL bears its INVITE's topmost Via and identifiers (9.1). */
function isCancelOf(cancel: SipRequest, invite: SipRequest): boolean {
  const left = cancel.via[0];
  const right = invite.via[0];
  if (left === undefined || right === undefined) return false;
  const isSameHop = left.branch === right.branch && left.host === right.host && left.port === right.port;
  return isSameHop && cancel.callId === invite.callId && cancel.cseq === invite.cseq;
}
