/**
 * What every vendor's data half has inside: one context to the network, UDP sockets whose datagrams wait to be fetched, and
 * the way to connections and names.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { BearerSession, BearerStream, BearerStreamOptions } from "../network/bearer.ts";
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { StreamSet } from "./modem-streams.ts";

export interface PeerSocket {
  readonly localPort: number;
  readonly waiting: { readonly bytes: Uint8Array; readonly from: Endpoint }[];
  /** Its news is out, and no further comes until a read has found nothing. */
  announced: boolean;
}

export interface ContextListener {
  /** The network has taken the context away; these sockets were open. */
  readonly onLost: (sockets: readonly number[]) => void;
  /** A datagram waits, and no news of it was told yet. */
  readonly onArrived: (id: number, socket: PeerSocket) => void;
}

const waitingLimit = 32;
const longestDatagram = 1_500;
/** A name that nobody answers for. */
const resolveMs = 60_000;

export class ModemContext {
  readonly sockets: Map<number, PeerSocket>;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly listener: ContextListener;
  private readonly streamSets: StreamSet[];
  /** Who waits for the address behind a name. */
  private readonly asking: Set<(address: string | undefined) => void>;
  private session: BearerSession | undefined;

  constructor(modem: ModemPeer, cellular: Cellular, listener: ContextListener) {
    this.modem = modem;
    this.cellular = cellular;
    this.listener = listener;
    this.session = undefined;
    this.streamSets = [];
    this.asking = new Set();
    this.sockets = new Map();
    cellular.onLost = () => this.lose();
  }

  /** Its connections end with the context. */
  join(streams: StreamSet): void {
    this.streamSets.push(streams);
  }

  /** Own address, undefined without a context. */
  get address(): string | undefined {
    return this.session?.address;
  }

  /** Asks the network, which takes a while. */
  activate(then: (isUp: boolean) => void): void {
    this.modem.after(this.modem.draw({ least: 200, most: 1_500 }), () => {
      if (this.session === undefined && this.cellular.hasService())
        this.session = this.cellular.bearer.activate((bytes, from, toPort) => this.arrive(bytes, from, toPort));
      then(this.session !== undefined);
    });
  }

  /** The context ends without a word. */
  drop(): void {
    const session = this.session;
    this.session = undefined;
    this.sockets.clear();
    session?.close();
    for (const streams of this.streamSets) streams.forget();
    for (const answer of [...this.asking]) answer(undefined);
  }

  open(id: number, localPort: number): void {
    this.sockets.set(id, { localPort, waiting: [], announced: false });
  }

  send(bytes: Uint8Array, socket: PeerSocket, to: Endpoint): void {
    this.session?.send(bytes, socket.localPort, to);
  }

  /** Undefined without a context. */
  connect(options: BearerStreamOptions): BearerStream | undefined {
    return this.session?.connect(options);
  }

  /** `then` gets undefined where there is no such name, nobody answers, or the context goes meanwhile; once, and not at once. */
  resolve(name: string, then: (address: string | undefined) => void): void {
    const answer = (address: string | undefined): void => {
      if (this.asking.delete(answer)) then(address);
    };
    this.asking.add(answer);
    this.session?.resolve(name, answer);
    this.modem.after(resolveMs, () => answer(undefined));
  }

  /** Calls back unless the modem has restarted meanwhile. */
  after(delayMs: number, callback: () => void): void {
    this.modem.after(delayMs, callback);
  }

  private lose(): void {
    if (this.session === undefined) return;
    const open = [...this.sockets.keys()];
    for (const streams of this.streamSets) open.push(...streams.ids());
    this.drop();
    this.listener.onLost(open);
  }

  private arrive(bytes: Uint8Array, from: Endpoint, toPort: number): void {
    for (const [id, socket] of this.sockets) {
      if (socket.localPort !== toPort) continue;
      if (socket.waiting.length >= waitingLimit || bytes.length > longestDatagram) return;
      socket.waiting.push({ bytes, from });
      if (!socket.announced) this.listener.onArrived(id, socket);
      socket.announced = true;
      return;
    }
  }
}

/** A number of a command's field within bounds, or undefined. */
export function within(field: string | undefined, least: number, most: number): number | undefined {
  const value = field === undefined || field === "" ? Number.NaN : Number(field);
  return value >= least && value <= most ? value : undefined;
}
