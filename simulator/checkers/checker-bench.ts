/** Hand-made messages of a home with two buttons, for the tests of the checkers: what a unit sends, and what it gets. */
import { encodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";
import { encodeResponse } from "../../protocol/scaip/response.ts";
import { encodeSip, type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { type SmallWorld, smallText } from "../play-bench.ts";
import { type Resident, residentsOf } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { AlarmSight } from "./alarm-sight.ts";
import { Hindrances } from "./hindrances.ts";

export const minuteMs = 60_000;
/** Bytes of what a unit asks and of what it is answered, in a SIP MESSAGE. */
export function questionBytes(request: ScaipRequest): Uint8Array {
  return message(encodeRequest(request));
}

/** Unless said, all that one sender says has the same Call-ID. */
export function answerBytes(ref: string, snu: number, callId?: string): Uint8Array {
  return message(encodeResponse({ ref, snu }), undefined, callId);
}

export const firstRef = "AB12C0000001000";
export const secondRef = "AB12C0000001001";

function message(body: Uint8Array, branch = "z9hG4bKb", callId = "c@10.0.0.1"): Uint8Array {
  const address = { display: undefined, uri: "sip:4600100001@larm.example", tag: "t", params: [] };
  const request: SipRequest = {
    kind: "request",
    method: "MESSAGE",
    uri: "sip:larm@larm.example",
    via: [{ transport: "UDP", host: "10.0.0.1", port: 5060, branch, received: undefined, rport: 0, params: [] }],
    maxForwards: 70,
    from: address,
    to: { ...address, tag: undefined },
    callId,
    cseq: 1,
    cseqMethod: "MESSAGE",
    contentType: "application/scaip+xml",
    headers: [],
    body,
  };
  return encodeSip(request);
}

/** One home "u" as its own wire tells it. Unless said, messages speak of button 1 pressed four minutes after the start. */
export class HandMade {
  readonly scenario: Scenario;
  readonly residents: readonly Resident[];
  readonly hindrances: Hindrances;
  readonly sight: AlarmSight;
  /** Of the SIP transaction that the next message belongs to (RFC 3261 8.1.1.7). */
  branch: string;
  private readonly home: Resident;

  constructor(world: SmallWorld = {}) {
    this.scenario = parseScenario(smallText(world), "small.yaml");
    this.residents = residentsOf(this.scenario, 1);
    this.home = this.residents[0] as Resident;
    this.branch = "z9hG4bKb";
    this.hindrances = new Hindrances(this.scenario);
    this.sight = new AlarmSight(this.residents, this.scenario.startWallMs);
    this.sight.started(minuteMs, 0);
  }

  get cid(): string {
    return this.home.cid;
  }

  did(button: number): string {
    return (this.home.bonds[button - 1]?.address ?? 0).toString(16).toUpperCase().padStart(8, "0");
  }

  /** The unit sends an alarm, or what `change` makes of it. */
  sends(atMs: number, change: Partial<ScaipRequest> = {}): void {
    const request = { ref: firstRef, mty: "ME" as const, cid: this.cid, dty: 3, stc: 10 };
    const rest = change.mty === undefined ? { did: this.did(1), ite: "pressed 2026-01-14T05:04:00Z" } : {};
    this.sight.sent(atMs, 0, message(encodeRequest({ ...request, ...rest, ...change }), this.branch));
  }

  /** The least that a message may say: who, what and why. */
  sendsMinimal(atMs: number, ref: string): void {
    this.sight.sent(atMs, 0, message(encodeRequest({ ref, cid: this.cid, dty: 3, stc: 10 })));
  }

  /** A receiver answers, and its answer arrives. */
  hears(atMs: number, ref: string, snu: number, route: "broadband" | "mobile" = "broadband"): void {
    this.sight.answered({ cid: this.cid, ref, snu }, this.hindrances.isStrange(0));
    this.sight.received(atMs, 0, message(encodeResponse({ ref, snu })), route);
  }

  /** The unit has read that answer, and says so by SIP. */
  acknowledges(atMs: number, ref: string): void {
    const request = viewSip(answerBytes(ref, 0));
    if (!request.ok) throw new Error("no SIP");
    const { via, from, to, callId, cseq, cseqMethod } = request.value;
    const response = { kind: "response", status: 200, reason: "OK", via, from, to, callId, cseq, cseqMethod } as const;
    const nothing = { contentType: undefined, headers: [], body: new Uint8Array() };
    this.sight.sent(atMs, 0, encodeSip({ ...response, ...nothing }));
  }

  /** The same answer, but no receiver has given it. */
  hearsStranger(atMs: number, ref: string, snu: number): void {
    this.sight.received(atMs, 0, message(encodeResponse({ ref, snu })));
  }

  /** A receiver's application answers the home. */
  answered(ref: string, snu: number): ReceiverSign {
    return { type: "answered", id: 1, cid: this.cid, ref, snu };
  }
}
