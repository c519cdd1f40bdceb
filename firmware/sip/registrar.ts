/** A receiver's registrar as one route sees it: the binding, its deadline and its Contact (RFC 3261 10.2; RFC 5626 4.1 and 4.2); `registration-machine.ts` decides. */
import { md5Hex } from "../../protocol/bytes/md5.ts";
import type { Contact } from "../../protocol/sip/contact.ts";
import { hostPortText } from "../../protocol/sip/uri.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { Clock } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { Registered } from "./message-agent.ts";
import type { Transport } from "./receiver-address.ts";
import {
  type RegistrationEffect,
  type RegistrationEvent,
  type RegistrationState,
  startRegistration,
  stepRegistration,
} from "./registration-machine.ts";

export interface RegistrarOptions {
  readonly clock: Clock;
  readonly dice: number;
  /** A REGISTER for so many seconds is to go out; its outcome comes to `hear`. */
  readonly onRegister: (expiresS: number) => void;
  /** What waits goes out now. */
  readonly onRelease: () => void;
  /** This route's binding is the newest. */
  readonly onTookOver: () => void;
  readonly observe?: ((event: object, effects: readonly object[]) => void) | undefined;
}

export class Registrar {
  private readonly options: RegistrarOptions;
  private readonly runner: Runner<RegistrationState, RegistrationEvent, RegistrationEffect>;
  private readonly wake: Wake;

  constructor(options: RegistrarOptions) {
    this.options = options;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    const start = startRegistration(options.dice);
    this.runner = new Runner(stepRegistration, start, (effect) => this.perform(effect), options.observe);
  }

  /** A message is to go out: what waits is released at once, or within two seconds. */
  wanted(urgent: boolean): void {
    this.runner.dispatch({ type: "wanted", nowMs: this.nowMs(), urgent });
  }

  linked(up: boolean): void {
    this.runner.dispatch({ type: "linked", nowMs: this.nowMs(), up });
  }

  keep(on: boolean): void {
    this.runner.dispatch({ type: "kept", nowMs: this.nowMs(), on });
  }

  overtaken(): void {
    this.runner.dispatch({ type: "overtaken", nowMs: this.nowMs() });
  }

  /** What the binding names is gone. */
  moved(): void {
    this.runner.dispatch({ type: "moved", nowMs: this.nowMs() });
  }

  /** What has become of the REGISTER; `isStale`: what it has named is gone. */
  hear(what: Registered, isStale: boolean): void {
    const nowMs = this.nowMs();
    const outcome = what.outcome;
    if (outcome === undefined || outcome.type === "refused")
      this.runner.dispatch({ type: "refused", nowMs, retryAfterS: what.retryAfterS });
    else if (outcome.type === "bound")
      this.runner.dispatch({ type: "bound", nowMs, expiresS: outcome.expiresS, isStale });
    else this.runner.dispatch({ type: "too-brief", nowMs, leastS: outcome.leastS });
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: RegistrationEffect): void {
    switch (effect.type) {
      case "register":
        this.options.onRegister(effect.expiresS);
        return;
      case "release":
        this.options.onRelease();
        return;
      case "took-over":
        this.options.onTookOver();
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

/** Where the unit is reached over one route; `aor` is `sip:user@domain`, `regId` counts its routes from 1. */
export function contactOf(
  aor: string,
  user: string,
  local: Endpoint,
  transport: Transport,
  regId: number,
  expiresS: number,
): Contact {
  const uri = "sip:" + user + "@" + hostPortText(local.host, local.port);
  const over = transport === "udp" ? "" : ";transport=" + transport;
  return { display: undefined, uri: uri + over, expiresS, instance: instanceOf(aor), regId, params: [] };
}

/**
 * The device's name at registrars, the same after every restart: a UUID of the address of record (RFC 9562 5.3, name space
 * URL). A unit that takes another one's place takes its bindings over with its account.
 */
export function instanceOf(aor: string): string {
  const name = utf8(aor);
  const bytes = new Uint8Array(urlSpace.length + name.length);
  bytes.set(urlSpace, 0);
  bytes.set(name, urlSpace.length);
  const text = md5Hex(bytes);
  const variant = "89ab".charAt("0123456789abcdef".indexOf(text.charAt(16)) & 3);
  const head = text.substring(0, 8) + "-" + text.substring(8, 12) + "-3" + text.substring(13, 16);
  return "urn:uuid:" + head + "-" + variant + text.substring(17, 20) + "-" + text.substring(20);
}

/** 6ba7b811-9dad-11d1-80b4-00c04fd430c8 (RFC 9562 6.6). */
const urlSpace: Uint8Array = new Uint8Array([
  0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
]);
