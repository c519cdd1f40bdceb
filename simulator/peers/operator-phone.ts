/**
 * An operator's SIP telephone at a receiver, with the calls of the unit's own firmware behind it (SS 91100 9.2): it takes
 * calls or does not, presses keys, hangs up, calls back. The same code runs in virtual time and on real sockets.
 */

import type { Timer } from "../../firmware/ports/clock.ts";
import type { OpenMedia } from "../../firmware/ports/media.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { CallEnd, SpeechMode } from "../../firmware/ports/voice.ts";
import { CallAgent } from "../../firmware/sip/call-agent.ts";
import type { CallLeg } from "../../firmware/sip/call-leg.ts";
import type { CallRoute, CallUser, Hop } from "../../firmware/sip/call-route.ts";
import { isAddress } from "../../firmware/sip/sources.ts";
import type { SipMessage } from "../../protocol/sip/message.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

/** What an operator's telephone needs of the world around it; a receiver's host has all but the sound. */
export interface OperatorHost {
  /** Monotonic, in whole ms. */
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  send(bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void;
  readonly openMedia: OpenMedia;
}

/** What the operator does with each call. */
export interface OperatorManner {
  /** From the first ring to the answer; undefined: never answers. */
  readonly answerAfterMs: number | undefined;
  /** Every caller hears busy. */
  readonly engaged?: boolean;
  /** Whose voice gets through, as the unit would say it: `listen`: the operator hears and is not heard; `talk`: the other way round. */
  readonly sound?: SpeechMode;
  /** Pressed one after the other in a call, told by INFO. */
  readonly keys?: readonly string[];
  /** From the beginning of the call to the first key, and between two. */
  readonly keyPauseMs?: number;
  /** From the beginning of the call to its end; undefined: the other side ends it. */
  readonly hangUpAfterMs?: number | undefined;
}

export type OperatorEvent =
  /** Somebody calls; `from` is his address. */
  | { readonly type: "rang"; readonly from: string }
  /** A call is up, whoever called. */
  | { readonly type: "talking" }
  | { readonly type: "pressed"; readonly key: string }
  /** The other side pressed a key. */
  | { readonly type: "heard-key"; readonly key: string }
  /** The operator hung up. */
  | { readonly type: "hung-up" }
  /** It ended otherwise, or never began. */
  | { readonly type: "ended"; readonly reason: CallEnd };

export interface OperatorOptions {
  /** The telephone's address, such as `sip:plats4@larm.example.net`. */
  readonly uri: string;
  /** Other users that calls may be for, such as the receiver's own account. */
  readonly users?: readonly string[];
  /** Where it is reached. */
  readonly address: Endpoint;
  /** Where a SIP address is whose host is no IP address, as a registrar knows it; absent: nowhere. */
  readonly whereIs?: (uri: string) => { readonly to: Endpoint; readonly transport: ReceiverTransport } | undefined;
  readonly manner: OperatorManner;
  readonly onEvent: (event: OperatorEvent) => void;
}

const usualKeyPauseMs = 1000;
/** What the guideline for voice calls lets a centre press: duplex, listen, talk, softer, louder, clear down. */
export const usualKeys: readonly string[] = ["4", "7", "8", "1", "3", "0"];

export class OperatorPhone {
  manner: OperatorManner;
  private readonly host: OperatorHost;
  private readonly options: OperatorOptions;
  private readonly route: OperatorRoute;
  private readonly agent: CallAgent;
  private readonly timers: Timer[];
  private call: CallLeg | undefined;

  constructor(host: OperatorHost, options: OperatorOptions) {
    this.host = host;
    this.options = options;
    this.manner = options.manner;
    this.timers = [];
    this.call = undefined;
    this.route = new OperatorRoute(host, options);
    const user = parseUri(options.uri);
    const own = user.ok ? user.value.user : undefined;
    this.agent = new CallAgent({
      clock: { nowMs: () => host.nowMs(), after: (delayMs, callback) => host.after(delayMs, callback) },
      random: (into) => {
        for (let i = 0; i < into.length; i++) into[i] = host.below(256);
      },
      route: this.route,
      openMedia: host.openMedia,
      mayCall: () => true,
      isOurs: (called) => called === own || (called !== undefined && options.users?.includes(called) === true),
      onIncoming: (call, uri) => this.ring(call, uri),
      onAnswered: (call) => {
        if (call === this.call) this.begin();
      },
      onEnded: (call, reason) => this.end(call, reason),
      onKey: (call, key) => {
        if (call === this.call) options.onEvent({ type: "heard-key", key });
      },
      observe: undefined,
    });
  }

  /** Takes one packet's message, viewed or decoded; false where it is not a call's. Nothing that comes makes it throw. */
  receive(message: SipMessage, from: Endpoint, transport: ReceiverTransport): boolean {
    const over = transport === "udp" ? undefined : "connection";
    return this.agent.hear(message, { host: from.host, port: from.port, over });
  }

  /** Calls a unit back, `uri` being its SIP address; nothing where there is a call. */
  dial(uri: string): void {
    if (this.call !== undefined) return;
    this.call = this.agent.dial(uri, farOf(this.manner.sound ?? "duplex"));
  }

  /** Presses a key in the call, told by INFO. */
  press(key: string): void {
    if (this.call === undefined) return;
    this.call.press(key);
    this.options.onEvent({ type: "pressed", key });
  }

  /** Ends the call, or refuses the one that rings. */
  hangUp(): void {
    const call = this.call;
    if (call === undefined) return;
    this.forget();
    call.hangUp();
    this.options.onEvent({ type: "hung-up" });
  }

  private ring(call: CallLeg, uri: string): void {
    this.call = call;
    this.options.onEvent({ type: "rang", from: uri });
    const { engaged, answerAfterMs } = this.manner;
    if (engaged === true) this.hangUp();
    else if (answerAfterMs !== undefined)
      this.later(answerAfterMs, () => {
        call.take(farOf(this.manner.sound ?? "duplex"));
        this.begin();
      });
  }

  private begin(): void {
    const { keys = [], keyPauseMs = usualKeyPauseMs, hangUpAfterMs } = this.manner;
    this.options.onEvent({ type: "talking" });
    for (const [index, key] of keys.entries()) this.later(keyPauseMs * (index + 1), () => this.press(key));
    if (hangUpAfterMs !== undefined) this.later(hangUpAfterMs, () => this.hangUp());
  }

  private end(call: CallLeg, reason: CallEnd): void {
    if (call !== this.call) return;
    this.forget();
    this.options.onEvent({ type: "ended", reason });
  }

  private forget(): void {
    this.call = undefined;
    for (const timer of this.timers.splice(0)) timer.cancel();
  }

  private later(delayMs: number, act: () => void): void {
    this.timers.push(this.host.after(delayMs, act));
  }
}

/** The operator's own end of what the unit calls so: what it hears is what the unit says. */
function farOf(sound: SpeechMode): SpeechMode {
  if (sound === "duplex") return sound;
  return sound === "listen" ? "talk" : "listen";
}

/** The network as the telephone sees it: IP addresses directly, names as its registrar knows them. */
class OperatorRoute implements CallRoute {
  readonly aor: string;
  readonly usable: boolean;
  user: CallUser | undefined;
  private readonly host: OperatorHost;
  private readonly options: OperatorOptions;

  constructor(host: OperatorHost, options: OperatorOptions) {
    this.aor = options.uri;
    this.usable = true;
    this.user = undefined;
    this.host = host;
    this.options = options;
  }

  local(): Endpoint {
    return this.options.address;
  }

  attach(user: CallUser | undefined): void {
    this.user = user;
  }

  hop(uri: string, last: Hop | undefined): Hop | undefined {
    const known = this.options.whereIs?.(uri);
    if (known !== undefined) return { ...known, receiver: -1 };
    const parsed = parseUri(uri);
    if (!parsed.ok) return undefined;
    const { host, port, params } = parsed.value;
    const isConnection = params.some((param) => param.name === "transport" && param.value !== "udp");
    if (!isAddress(host) || isConnection) return last;
    return { to: { host, port: port ?? 5060 }, transport: "udp", receiver: -1 };
  }

  send(bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void {
    this.host.send(bytes, to, transport);
  }

  authorization(): undefined {
    return undefined;
  }

  receiverAt(): number {
    return -1;
  }

  isReceivers(): boolean {
    return false;
  }
}
