/**
 * The internet between addresses: hosts send datagrams through an access (a broadband line, a mobile session, or a
 * perfect one for receivers) that delays them, loses them, or lets nothing pass.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { newPiece } from "../../protocol/bytes/sheet.ts";
import type { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { type Calendar, CalendarWatch, FaultyLink, type Link, type LinkWindow } from "./outage.ts";
import type { Uplink } from "./uplink.ts";

/** What a host reaches the internet through. */
export interface Access {
  /** How it carries at this instant; undefined where nothing passes. */
  link(atMs: number): Link | undefined;
  /** A datagram goes through now: how long it waits for its turn, in ms; undefined where there is no room for it. */
  take?(atMs: number): number | undefined;
}

export type Receive = (bytes: Uint8Array, from: Endpoint, toPort: number) => void;

/** One host's place in the network. */
export interface Attachment {
  readonly address: string;
  /** Sends one datagram; nothing is promised. The bytes are copied. Ignored after detach(). `claimed`: whose address it bears (RFC 2827). */
  send(bytes: Uint8Array, fromPort: number, to: Endpoint, claimed?: string): void;
  /** The address is free again, and nothing more is received. */
  detach(): void;
}

/**
 * What became of a datagram: sent, delivered, lost by chance, swallowed by an access that carries nothing, or for an
 * address that nobody has. The last four follow a "sent".
 */
export type Fate = "sent" | "delivered" | "lost" | "swallowed" | "unknown-address";
export type ObserveDatagram = (fate: Fate, bytes: Uint8Array, from: Endpoint, to: Endpoint) => void;

/** UDP over IPv4 carries no more (RFC 768, RFC 791). */
const largestDatagram = 65_507;
const perfectLink: Link = { delay: { leastMs: 0, mostMs: 0 }, lossPpm: 0 };

/** For receivers: no delay, no loss, never down. */
export const perfectAccess: Access = { link: () => perfectLink };

export class Network {
  private readonly queue: EventQueue;
  private readonly seed: number;
  private readonly observe: ObserveDatagram | undefined;
  private readonly hosts: Map<string, Host>;
  /** By address and kept over a new attachment, so that chance does not begin anew with each session. */
  private readonly streams: Map<string, Stream>;
  private readonly names: Map<string, string>;

  constructor(queue: EventQueue, seed: number, observe?: ObserveDatagram) {
    this.queue = queue;
    this.seed = seed;
    this.observe = observe;
    this.hosts = new Map();
    this.streams = new Map();
    this.names = new Map();
  }

  /** Takes an address; throws where another host has it. */
  attach(address: string, access: Access, receive: Receive): Attachment {
    if (this.hosts.has(address)) throw new Error(`network: ${address} is taken`);
    let stream = this.streams.get(address);
    if (stream === undefined) {
      stream = new Stream(this.seed, `network ${address}`, 0);
      this.streams.set(address, stream);
    }
    const host: Host = { access, receive, stream };
    this.hosts.set(address, host);
    return {
      address,
      send: (bytes, fromPort, to, claimed = address) => {
        if (this.hosts.get(address) !== host) return;
        const copy = newPiece(bytes.length);
        copy.set(bytes);
        this.carry(host, copy, { host: claimed, port: fromPort }, to);
      },
      detach: () => {
        if (this.hosts.get(address) === host) this.hosts.delete(address);
      },
    };
  }

  /** Gives an address a name; undefined takes the name away. */
  name(name: string, address: string | undefined): void {
    if (address === undefined) this.names.delete(name);
    else this.names.set(name, address);
  }

  /** The address behind a name, an address itself, or undefined where there is no such name. */
  resolve(host: string): string | undefined {
    return this.names.get(host) ?? (this.hosts.has(host) || isAddress(host) ? host : undefined);
  }

  private carry(host: Host, bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    if (bytes.length > largestDatagram) throw new Error(`network: a datagram of ${bytes.length} bytes`);
    this.observe?.("sent", bytes, from, to);
    const target = this.resolve(to.host);
    const other = target === undefined ? undefined : this.hosts.get(target);
    const up = this.pass(host);
    const down = other === undefined || typeof up === "string" ? up : this.pass(other);
    if (typeof up === "string") this.observe?.(up, bytes, from, to);
    else if (target === undefined || other === undefined) this.observe?.("unknown-address", bytes, from, to);
    else if (typeof down === "string") this.observe?.(down, bytes, from, to);
    else this.queue.after(up + down, () => this.arrive(target, bytes, from, to));
  }

  /** The way between a host and the core of the network: its delay, or why the datagram goes no further. */
  private pass(host: Host): number | "lost" | "swallowed" {
    const link = host.access.link(this.queue.nowMs);
    if (link === undefined) return "swallowed";
    if (link === perfectLink) return 0;
    const lost = host.stream.chance(link.lossPpm);
    const delayMs = host.stream.between(link.delay.leastMs, link.delay.mostMs);
    const waitMs = host.access.take === undefined ? 0 : host.access.take(this.queue.nowMs);
    return lost || waitMs === undefined ? "lost" : delayMs + waitMs;
  }

  /** Who has the address by now gets the datagram, unless the access went down while it was on its way. */
  private arrive(address: string, bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const host = this.hosts.get(address);
    if (host === undefined) {
      this.observe?.("unknown-address", bytes, from, to);
    } else if (host.access.link(this.queue.nowMs) === undefined) {
      this.observe?.("swallowed", bytes, from, to);
    } else {
      this.observe?.("delivered", bytes, from, to);
      host.receive(bytes, from, to.port);
    }
  }
}

interface Host {
  readonly access: Access;
  readonly receive: Receive;
  readonly stream: Stream;
}

export interface BroadbandOptions extends Link {
  readonly name: string;
  /** Its own faults first, then those of what it hangs on: its provider, the power area that feeds its router. */
  readonly calendars: readonly Calendar<LinkWindow>[];
  /** What stands behind a SIM router; undefined: a line. */
  readonly uplink?: Uplink | undefined;
}

/** A broadband line, or a whole provider's network that many units share. */
export class Broadband implements Access {
  readonly name: string;
  private readonly queue: EventQueue;
  private readonly faulty: FaultyLink;
  private readonly uplink: Uplink | undefined;
  private readonly listeners: Set<() => void>;
  private watch: CalendarWatch | undefined;
  private wasUp: boolean;

  constructor(queue: EventQueue, options: BroadbandOptions) {
    this.name = options.name;
    this.queue = queue;
    this.faulty = new FaultyLink({ delay: options.delay, lossPpm: options.lossPpm }, options.calendars);
    this.uplink = options.uplink;
    this.listeners = new Set();
    this.watch = undefined;
    this.wasUp = true;
  }

  link(atMs: number): Link | undefined {
    const own = this.faulty.at(atMs);
    return own === undefined || this.uplink === undefined ? own : this.uplink.after(own, atMs);
  }

  take(atMs: number): number | undefined {
    return this.uplink === undefined ? 0 : this.uplink.take(atMs);
  }

  /** Whether the units on it see a link. It may carry nothing all the same. */
  isUp(): boolean {
    return this.faulty.isUp(this.queue.nowMs);
  }

  /** Whether there is a link all the same, and only no address for it. */
  lacksAddress(): boolean {
    return this.faulty.has("no-address", this.queue.nowMs);
  }

  /** Whether host names can be looked up over it. */
  resolvesNames(): boolean {
    return !this.faulty.has("no-names", this.queue.nowMs);
  }

  /** Calls back whenever isUp() has changed, until the answer is called. Listeners hear in the order they came. */
  listen(onChange: () => void): () => void {
    const own = () => onChange();
    this.listeners.add(own);
    if (this.watch === undefined) {
      this.wasUp = this.isUp();
      this.watch = new CalendarWatch(this.queue, this.faulty.calendars, () => this.tell());
    }
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size > 0) return;
      this.watch?.close();
      this.watch = undefined;
    };
  }

  private tell(): void {
    const up = this.isUp();
    if (up === this.wasUp) return;
    this.wasUp = up;
    for (const listener of [...this.listeners]) if (this.listeners.has(listener)) listener();
  }
}

/** Second number of the first mobile address. */
const mobileNet = 128;
const unitsPerRoute = 2 ** 23;
const dot = 0x2e;
const zero = 0x30;
const receiverNets = ["203.0.113", "198.51.100"];
const receiversPerNet = 254;

/** The address of unit `index` (from 0) on one route: 10.0.0.0/9 is broadband, 10.128.0.0/9 mobile. */
export function unitAddress(route: "broadband" | "mobile", index: number): string {
  if (!(index >= 0 && index < unitsPerRoute)) throw new Error(`network: no address for unit ${index}`);
  const first = (route === "mobile" ? mobileNet : 0) + (index >> 16);
  return `10.${first}.${(index >> 8) & 255}.${index & 255}`;
}

/** The route that an address of `unitAddress` belongs to. */
export function routeOfAddress(address: string): "broadband" | "mobile" {
  return ((numberOf(address) >> 16) & 255) < mobileNet ? "broadband" : "mobile";
}

/** The unit (its place in the fleet, from 0) that has that address of `unitAddress`. */
export function unitOfAddress(address: string): number {
  return numberOf(address) & (unitsPerRoute - 1);
}

/** The 32 bits of an address with three dots. */
function numberOf(address: string): number {
  let all = 0;
  let part = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === dot) {
      all = (all << 8) | part;
      part = 0;
    } else part = part * 10 + code - zero;
  }
  return (all << 8) | part;
}

/** The address of receiver `index` (from 0), in the documentation ranges of RFC 5737. */
export function receiverAddress(index: number): string {
  const net = receiverNets[Math.floor(index / receiversPerNet)];
  if (net === undefined) throw new Error(`network: no address for receiver ${index}`);
  return `${net}.${(index % receiversPerNet) + 1}`;
}

/** Four numbers and three dots, or anything with a colon (IPv6); all else is a name. */
export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":");
}
