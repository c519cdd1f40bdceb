/** The SIP telephone of a device: one call at a time over one route, with its sound over RTP (SS 91100 9.2; RFC 3261). */
import { isRequestUri, parseUri } from "../../protocol/sip/uri.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { OpenMedia } from "../ports/media.ts";
import type { OpenPhone, Phone, PhoneOptions } from "../ports/phone.ts";
import type { CallEnd, SpeechMode, VoiceMedium } from "../ports/voice.ts";
import { CallAgent } from "./call-agent.ts";
import type { CallLeg } from "./call-leg.ts";
import type { CallRoute } from "./call-route.ts";

export interface SipPhoneHost {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  readonly route: CallRoute;
  readonly openMedia: OpenMedia;
  /** Who may ring, beside what the user of the phone decides: `receiver` is who may speak from `host`, or -1. Absent: receivers. */
  readonly mayCall?: ((uri: string, host: string, receiver: number) => boolean) | undefined;
  /** The device's log. */
  readonly observe?: Observe | undefined;
}

/** A telephone as its port has it, over that route. Opened anew it takes the place of the former one. */
export function sipPhone(host: SipPhoneHost): OpenPhone {
  return (options) => new SipPhone(host, options);
}

export class SipPhone implements Phone {
  readonly medium: VoiceMedium;
  private readonly agent: CallAgent;
  private readonly options: PhoneOptions;
  private readonly route: CallRoute;
  private call: CallLeg | undefined;

  constructor(host: SipPhoneHost, options: PhoneOptions) {
    const observe = host.observe;
    this.medium = "sip";
    this.options = options;
    this.route = host.route;
    this.call = undefined;
    this.agent = new CallAgent({
      clock: host.clock,
      random: host.random,
      route: host.route,
      openMedia: host.openMedia,
      mayCall: host.mayCall ?? isReceiver,
      onIncoming: (call, uri) => this.ring(call, uri),
      onAnswered: (call) => {
        if (call === this.call) options.onAnswered();
      },
      onEnded: (call, reason) => this.end(call, reason),
      onKey: (call, key) => {
        if (call === this.call) options.onKey(key);
      },
      observe: observe === undefined ? undefined : (event, effects) => observe("sip-call", event, effects),
    });
  }

  /** A SIP address, or a telephone number, which is looked for in the unit's own domain. Throws while there is a call. */
  dial(number: string, mode: SpeechMode): void {
    if (this.call !== undefined) throw new Error("sip: there is a call");
    this.call = this.agent.dial(addressOf(number, this.route.aor), mode);
  }

  answer(mode: SpeechMode): void {
    if (this.call !== undefined) this.call.take(mode);
  }

  speak(mode: SpeechMode): void {
    if (this.call !== undefined) this.call.speak(mode);
  }

  volume(step: 1 | -1): void {
    if (this.call !== undefined) this.call.volume(step);
  }

  hangUp(): void {
    const call = this.call;
    this.call = undefined;
    if (call !== undefined) call.hangUp();
  }

  close(): void {
    this.agent.isOpen = false;
    this.hangUp();
  }

  private ring(call: CallLeg, uri: string): void {
    this.call = call;
    this.options.onIncoming(isWithheld(uri) ? "" : uri);
  }

  private end(call: CallLeg, reason: CallEnd): void {
    if (call !== this.call) return;
    this.call = undefined;
    this.options.onEnded(reason);
  }
}

function isReceiver(_uri: string, _host: string, receiver: number): boolean {
  return receiver >= 0;
}

/** `sip:anonymous@anonymous.invalid` (RFC 3261 8.1.1.3; RFC 3323 4.1.1.3). */
function isWithheld(uri: string): boolean {
  const parsed = parseUri(uri);
  if (!parsed.ok) return false;
  const host = parsed.value.host;
  return host.substring(host.length - invalid.length) === invalid;
}

/** What is no address at all is left as it is: the call then fails. */
function addressOf(number: string, aor: string): string {
  const plain = number.substring(0, 4).toLowerCase() === "tel:" ? number.substring(4) : number;
  const domain = parseUri(aor);
  if (plain.indexOf(":") >= 0 || plain.indexOf("@") >= 0 || plain === "" || !domain.ok) return plain;
  const host = domain.value.host;
  const uri = "sip:" + plain + "@" + (host.indexOf(":") < 0 ? host : "[" + host + "]");
  return isRequestUri(uri) ? uri : plain;
}

const invalid = "anonymous.invalid";
