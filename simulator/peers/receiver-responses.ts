/** Sends each `mrs` of a receiver at its time, in a MESSAGE of its own that is repeated until the unit has answered (RFC 3428, SS 91100 4). */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { encodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import { encodeSip, type SipRequest, type SipResponse } from "../../protocol/sip/message.ts";
import { copyAfterMs, type ModeRules } from "./receiver-modes.ts";
import type { ReceiverHost } from "./receiver-options.ts";
import { ownMessage } from "./receiver-packets.ts";
import type { Flow } from "./receiver-registrar.ts";
import { OwnRequests, type ReceiverTransport } from "./receiver-transactions.ts";

/** A value that is not taken (SS 91100 table 2). */
const refusedSnu = 3;

export interface ResponseOrder {
  /** What it answers. */
  readonly request: SipRequest;
  readonly response: ScaipResponse;
  readonly delayMs: number;
  /** 2 for one that says everything twice. */
  readonly copies: number;
}

export class ResponseSender {
  private readonly host: ReceiverHost;
  private readonly addressOf: (transport: ReceiverTransport) => Endpoint;
  private readonly own: OwnRequests;
  /** Those that wait for their time. */
  private readonly waiting: Set<Timer>;

  constructor(host: ReceiverHost, addressOf: (transport: ReceiverTransport) => Endpoint) {
    this.host = host;
    this.addressOf = addressOf;
    this.own = new OwnRequests(host);
    this.waiting = new Set();
  }

  /** Being prepared, or sent and not answered yet. */
  get count(): number {
    return this.waiting.size + this.own.count;
  }

  /** `flowOf` is asked when it goes out; `onSent` hears of the first copy. */
  sendLater(order: ResponseOrder, flowOf: () => Flow, onSent: () => void): void {
    for (let copy = 0; copy < order.copies; copy++) {
      const timer = this.host.after(order.delayMs + copy * copyAfterMs, () => {
        this.waiting.delete(timer);
        this.send(order, flowOf());
        if (copy === 0) onSent();
      });
      this.waiting.add(timer);
    }
  }

  /** False where it answers nothing of ours. */
  hear(response: SipResponse): boolean {
    if (response.cseqMethod !== "MESSAGE") return false;
    this.own.hear(response);
    return true;
  }

  stopAll(): void {
    for (const timer of this.waiting) timer.cancel();
    this.waiting.clear();
    this.own.stopAll();
  }

  private send({ request, response }: ResponseOrder, { to, transport }: Flow): void {
    const branch = "z9hG4bK" + randomWord(this.host);
    const own = this.addressOf(transport);
    const callId = `${randomWord(this.host)}@${own.host}`;
    const body = encodeResponse(response);
    const message = ownMessage({ request, to, transport, own, branch, tag: randomWord(this.host), callId, body });
    this.own.send(branch, encodeSip(message), to, transport);
  }
}

/** 12 hexadecimal digits of chance. */
export function randomWord(host: Pick<ReceiverHost, "below">): string {
  let text = "";
  for (let i = 0; i < 3; i++) text += (0x10000 + host.below(0x10000)).toString(16).substring(1);
  return text;
}

/**
 * For how many minutes the unit takes the call of an operator over SIP; 0: it calls itself, or nobody does (SS 91100 table 2,
 * `mre` and `cre`). Without `crd` it has offered SIP.
 */
export function callBackMin({ crd }: ScaipRequest, { mre = 0, cre = 61 }: ScaipResponse): number {
  const offersSip = crd?.some((medium) => medium.startsWith("sip")) ?? true;
  return offersSip && mre > 0 && cre <= 60 ? cre : 0;
}

/** The ref that an `mrs` comes under; another one has another stem, so that it is nobody's by accident. */
export function refFor({ ref: which }: ModeRules, ref: string): string {
  if (which === "sent") return ref;
  return which === "longer" ? ref + "0" : (ref.charAt(0) === "Z" ? "Y" : "Z") + ref.substring(1);
}

/** The number that meets a request which opens something new. */
export function numberFor({ snu, snuForAll, leastOnly }: ModeRules, request: ScaipRequest): number {
  const { mty = "ME", did, dte, ite, crd } = request;
  const saysMore = [did, dte, ite, crd].some((element) => element !== undefined);
  if (leastOnly && mty === "ME" && saysMore) return refusedSnu;
  return snuForAll || mty === "ME" ? snu : 0;
}

/** Status texts are ASCII (SS 91100 table 2). */
export function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, "?");
}
