/** For tests only: two telephones over a path that loses, doubles and delays, in time moved by hand; and a far end played line by line. */
import type { SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { decodeSip, encodeSip, viewSip } from "../../protocol/sip/message.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { Media, MediaOptions } from "../ports/media.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { Authorization } from "./authorization.ts";
import type { CallRoute, CallUser, Hop } from "./call-route.ts";
import { TestMedia } from "./call-test-media.ts";
import { deskAt, deskContact, deskUri, sdp, stranger, unitAt, unitUri } from "./call-test-messages.ts";
import type { Peer, Transport } from "./receiver-address.ts";
import { SipPhone, type SipPhoneHost } from "./sip-phone.ts";
import { HandClock } from "./test-bench.ts";

/** What a path does to one packet: how long it takes, for each of its copies; none: it is lost. */
export type Fate = (packet: number) => readonly number[];

export const steady: Fate = () => [20];

export class TestRoute implements CallRoute {
  readonly aor: string;
  usable: boolean;
  user: CallUser | undefined;
  credentials: Authorization | undefined;
  transport: Transport;
  private readonly at: Endpoint;
  private readonly carry: (bytes: Uint8Array, to: Endpoint) => void;

  constructor(aor: string, at: Endpoint, transport: Transport, carry: (bytes: Uint8Array, to: Endpoint) => void) {
    this.aor = aor;
    this.usable = true;
    this.user = undefined;
    this.credentials = undefined;
    this.transport = transport;
    this.at = at;
    this.carry = carry;
  }

  local(): Endpoint {
    return this.at;
  }

  attach(user: CallUser | undefined): void {
    this.user = user;
  }

  hop(uri: string): Hop | undefined {
    const parsed = parseUri(uri);
    if (!parsed.ok) return undefined;
    const to = { host: parsed.value.host, port: parsed.value.port ?? 5060 };
    return { to, transport: this.transport, receiver: 0 };
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.carry(bytes, to);
  }

  authorization(): Authorization | undefined {
    return this.credentials;
  }

  receiverAt(_uri: string, host: string): number {
    return host === stranger.host ? -1 : 0;
  }

  isReceivers(uri: string): boolean {
    return uri.indexOf("203.0.113.") >= 0;
  }

  /** Takes a packet as a message agent does. */
  hear(bytes: Uint8Array, from: Endpoint): boolean {
    const message = viewSip(bytes);
    if (!message.ok || this.user === undefined) return false;
    const peer: Peer = { host: from.host, port: from.port, over: this.transport === "udp" ? undefined : "connection" };
    const isTaken = this.user.hear(message.value, peer);
    bytes.fill(0x58); // a view may not be kept
    return isTaken;
  }
}

/** One telephone with all that it said and did. */
export class Station {
  readonly route: TestRoute;
  readonly phone: SipPhone;
  readonly events: string[];
  readonly media: TestMedia[];
  /** What its user does on an event, beside noting it. */
  onEvent: (event: string) => void;
  /** The sound's port is had at once, never, or lost at once. */
  sound: "ready" | "never" | "lost";
  /** A method of the phone is at work: no callback may come. */
  private isInside: boolean;

  constructor(bench: CallBench, at: Endpoint, uri: string, changes: Partial<SipPhoneHost>) {
    this.events = [];
    this.media = [];
    this.onEvent = () => {};
    this.sound = "ready";
    this.isInside = false;
    this.route = new TestRoute(uri, at, bench.transport, (bytes, to) => bench.carry(bytes, at, to));
    const host: SipPhoneHost = {
      clock: bench.clock,
      random: (into) => bench.random(into),
      route: this.route,
      openMedia: (options) => this.openMedia(bench, at, options),
    };
    this.phone = new SipPhone(Object.assign(host, changes), {
      onIncoming: (number) => this.note("incoming " + number),
      onAnswered: () => this.note("answered"),
      onEnded: (reason) => this.note("ended " + reason),
      onKey: (key) => this.note("key " + key),
    });
  }

  /** Does something with the phone; a callback meanwhile throws. */
  act(what: (phone: SipPhone) => void): void {
    this.isInside = true;
    what(this.phone);
    this.isInside = false;
  }

  /** The sound of the newest call. */
  get newest(): TestMedia {
    return this.media[this.media.length - 1] as TestMedia;
  }

  private note(event: string): void {
    if (this.isInside) throw new Error("a callback from inside a method: " + event);
    this.events.push(event);
    this.onEvent(event);
  }

  private openMedia(bench: CallBench, at: Endpoint, options: MediaOptions): Media {
    const media = new TestMedia(options);
    this.media.push(media);
    if (this.sound === "lost") bench.clock.after(0, () => options.onFault());
    if (this.sound === "ready")
      bench.clock.after(0, () => media.ready({ host: at.host, port: 40_000 + 2 * this.media.length }));
    return media;
  }
}

export interface Packet {
  readonly atMs: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly message: SipMessage;
}

export class CallBench {
  readonly clock: HandClock;
  readonly packets: Packet[];
  readonly transport: Transport;
  readonly unit: Station;
  /** Undefined where the far end is played by the test. */
  readonly desk: Station | undefined;
  /** Takes what is for the desk where that is neither a station nor played by the test. */
  far: ((bytes: Uint8Array) => void) | undefined;
  fate: Fate;
  /** What becomes of the bytes that the test plays for the far end. */
  damage: (bytes: Uint8Array) => Uint8Array;
  private seed: number;

  constructor(transport: Transport, withDesk: boolean, changes?: Partial<SipPhoneHost>) {
    this.clock = new HandClock();
    this.packets = [];
    this.transport = transport;
    this.far = undefined;
    this.fate = steady;
    this.damage = (bytes) => bytes;
    this.seed = 7;
    this.unit = new Station(this, unitAt, unitUri, changes ?? {});
    this.desk = withDesk ? new Station(this, deskAt, deskUri, {}) : undefined;
  }

  carry(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const decoded = decodeSip(bytes);
    if (!decoded.ok) throw new Error("a telephone sent garbage");
    const message = decodeSip(new Uint8Array(bytes));
    if (message.ok) this.packets.push({ atMs: this.clock.nowMs(), from, to, message: message.value });
    const station = to.port === unitAt.port ? this.unit : this.desk;
    for (const delayMs of this.fate(this.packets.length - 1))
      this.deliver(new Uint8Array(bytes), from, station, delayMs);
  }

  random(into: Uint8Array): void {
    for (let i = 0; i < into.length; i++) {
      this.seed = (this.seed * 48271) % 2147483647;
      into[i] = (this.seed >> 8) & 0xff;
    }
  }

  private deliver(copy: Uint8Array, from: Endpoint, station: Station | undefined, afterMs: number): void {
    const far = this.far;
    if (station !== undefined) this.clock.after(afterMs, () => station.route.hear(copy, from));
    else if (far !== undefined) this.clock.after(afterMs, () => far(copy));
  }

  /** Lets time pass. */
  run(forMs: number): void {
    this.clock.runTo(this.clock.nowMs() + forMs);
  }

  /** First lines of what went over the path, from whose end: "unit INVITE", "desk 200 INVITE". */
  get talk(): string[] {
    return this.packets.map((packet) => {
      const who = packet.from === unitAt ? "unit" : "desk";
      const message = packet.message;
      return who + " " + (message.kind === "request" ? message.method : message.status + " " + message.cseqMethod);
    });
  }

  /** The newest request of a method that the unit has sent. */
  sent(method: string): SipRequest {
    for (let i = this.packets.length - 1; i >= 0; i--) {
      const message = (this.packets[i] as Packet).message;
      if (message.kind === "request" && message.method === method) return message;
    }
    throw new Error("the unit sent no " + method);
  }

  /** The newest answer that the unit has given. */
  get answer(): SipResponse {
    for (let i = this.packets.length - 1; i >= 0; i--) {
      const message = (this.packets[i] as Packet).message;
      if (message.kind === "response") return message;
    }
    throw new Error("the unit gave no answer");
  }

  /** How often the unit has sent a first line. */
  count(line: string): number {
    return this.talk.filter((one) => one === line).length;
  }

  /** The far end answers a request of the unit's. */
  reply(request: SipRequest, status: number, change?: Partial<SipResponse>): void {
    const response: SipResponse = {
      kind: "response",
      status,
      reason: "",
      via: request.via,
      from: request.from,
      to: Object.assign({}, request.to, { tag: request.to.tag ?? "desk-1" }),
      callId: request.callId,
      cseq: request.cseq,
      cseqMethod: request.cseqMethod,
      contentType: undefined,
      headers: [],
      body: new Uint8Array(0),
    };
    this.hear(Object.assign(response, change));
  }

  /** The far end takes the call. */
  take(invite: SipRequest, change?: Partial<SipResponse>): void {
    this.reply(
      invite,
      200,
      Object.assign({ headers: [deskContact], contentType: "application/sdp", body: sdp() }, change),
    );
  }

  /** Anything comes to the unit. */
  hear(message: SipMessage, from?: Endpoint): boolean {
    return this.unit.route.hear(this.damage(encodeSip(message)), from ?? deskAt);
  }
}
