/**
 * One receiver over one route: its connections, where its name leads, and its registration (`line-registration.ts`). A
 * message waits here until it knows where to go (RFC 3263 4), an alarm no longer than until it knows any address.
 */
import { observerOf } from "../department.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { LookUp } from "../ports/names.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { OpenStream, PeerProof } from "../ports/stream.ts";
import type { Registered } from "../sip/message-agent.ts";
import { isReliable, type Peer, peerOf, type ReceiverAddress } from "../sip/receiver-address.ts";
import { ReceiverConnection } from "../sip/receiver-connection.ts";
import { isAddress } from "../sip/sources.ts";
import type { StreamFault } from "../sip/stream-fault.ts";
import { Target } from "../sip/target.ts";
import { usualPortOf } from "../sip/target-machine.ts";
import { LineRegistration } from "./line-registration.ts";
import { drop, type Waiting, waitingLimit } from "./waiting.ts";

export interface LineOptions {
  readonly clock: Clock;
  readonly receiver: number;
  readonly address: ReceiverAddress;
  /** Absent where the route carries datagrams only. */
  readonly openStream: OpenStream | undefined;
  /** Absent: the sockets look up names themselves, or `address` stands for the name where `takesNames` is false. */
  readonly lookUp: LookUp | undefined;
  readonly takesNames: boolean;
  /** For what is drawn: only asked where something is. */
  readonly seed: () => number;
  readonly send: (item: Waiting, peer: Peer) => void;
  readonly register: (expiresS: number, peer: Peer) => void;
  /** It waited for a name that is not found. */
  readonly onNameless: (item: Waiting) => void;
  /** An address that the receiver's name leads to. */
  readonly onAddress: (host: string) => void;
  readonly onMessage: (bytes: Uint8Array, from: Peer) => void;
  readonly onFailed: (reason: StreamFault | "no-answer", over: "connection" | "foreign") => void;
  readonly onProof: (proof: ShownProof) => void;
  /** This route's registration is the newest. */
  readonly onTookOver: () => void;
  readonly observe: Observe | undefined;
}

/** `wrong`: the name or the issuer of the certificate is. */
export type ShownProof = PeerProof | "wrong";

export class ReceiverLine {
  private readonly options: LineOptions;
  private readonly connection: ReceiverConnection | undefined;
  /** For last resorts, beside the connection that is to be proven. */
  private readonly foreign: ReceiverConnection | undefined;
  private readonly names: Target | undefined;
  private readonly registration: LineRegistration | undefined;
  /** Where the receiver was last; undefined while its name has never been found. */
  private at: Endpoint | undefined;
  /** Where the newest connection was opened to. */
  private openedTo: Endpoint | undefined;
  private wrongCertificate: boolean;
  private readonly nameless: Waiting[];

  constructor(options: LineOptions) {
    this.options = options;
    const address = options.address;
    const lookUp = options.lookUp;
    const transport = address.transport ?? "udp";
    const host = options.takesNames ? address.host : (address.address ?? address.host);
    this.at = { host, port: address.port === 0 ? usualPortOf(transport) : address.port };
    this.openedTo = undefined;
    this.wrongCertificate = false;
    this.nameless = [];
    this.names = lookUp === undefined || isAddress(address.host) ? undefined : this.lookFor(lookUp);
    this.connection = this.connect("connection");
    this.foreign = transport === "tls" ? this.connect("foreign") : undefined;
    this.registration = address.register === true ? this.newRegistration(this.connection) : undefined;
  }

  /** Ends in `send` or `onNameless`, at the latest after four seconds, unless it is stopped. */
  submit(item: Waiting): void {
    if (this.isOpen(item) || this.names === undefined) {
      this.bind(item);
      return;
    }
    this.nameless.push(item);
    if (this.nameless.length > waitingLimit) this.options.onNameless(this.nameless.shift() as Waiting);
    this.names.wanted(item.urgent);
  }

  stop(attempt: number): void {
    drop(this.nameless, attempt);
    if (this.registration !== undefined) this.registration.stop(attempt);
  }

  /** Writes over the connection that `to` says. */
  write(bytes: Uint8Array, to: Peer): void {
    const connection = to.over === "foreign" ? this.foreign : this.connection;
    if (connection !== undefined) connection.send(bytes);
  }

  /** What was given to `write`, the same array, is wanted no more. */
  recall(bytes: Uint8Array, to: Peer): void {
    const connection = to.over === "foreign" ? this.foreign : this.connection;
    if (connection !== undefined) connection.recall(bytes);
  }

  /** Whether such a connection leads to this receiver. */
  isPeer(to: Peer): boolean {
    if (this.connection === undefined) return false;
    if (to.receiver !== undefined) return to.receiver === this.options.receiver;
    return to.host === this.options.address.host && to.port === this.options.address.port;
  }

  /** The own address on the connection, once there is one. */
  get local(): Endpoint | undefined {
    return this.connection === undefined ? undefined : this.connection.local;
  }

  /** For datagrams: where the receiver was last. */
  get endpoint(): Endpoint | undefined {
    return this.at;
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /** Whether the receiver has to show who it is before anything of it counts. */
  get isAuthenticated(): boolean {
    const connection = this.connection;
    if (connection === undefined || this.options.address.transport !== "tls") return false;
    return connection.local === undefined || connection.proof !== "unverified";
  }

  keep(on: boolean): void {
    if (this.connection !== undefined) this.connection.keep(on);
    if (this.registration !== undefined) this.registration.keep(on);
  }

  linked(up: boolean): void {
    if (this.registration !== undefined) this.registration.linked(up);
  }

  /** The route has another address of its own. */
  moved(): void {
    if (this.registration !== undefined && this.connection === undefined) this.registration.moved();
  }

  reopen(): void {
    if (this.connection !== undefined) this.connection.reopen();
    if (this.foreign !== undefined) this.foreign.reopen();
  }

  ping(): void {
    if (this.connection !== undefined && this.at !== undefined) this.connection.ping();
  }

  /** The receiver has answered. */
  heard(): void {
    if (this.names !== undefined) this.names.heard();
  }

  /** It answers, but cannot serve: another of its servers may (RFC 3263 4.3). */
  busy(): void {
    if (this.names !== undefined && this.at !== undefined) this.names.failed(this.at);
  }

  registered(what: Registered): void {
    if (this.registration !== undefined) this.registration.hear(what);
  }

  /** Another route has registered there. */
  overtaken(): void {
    if (this.registration !== undefined) this.registration.overtaken();
  }

  private lookFor(lookUp: LookUp): Target {
    const address = this.options.address;
    this.at = undefined;
    return new Target({
      clock: this.options.clock,
      lookUp,
      receiver: {
        host: address.host,
        port: address.port,
        transport: address.transport ?? "udp",
        address: address.address,
      },
      dice: address.port === 0 ? this.options.seed() : 1,
      onUse: (target) => {
        this.at = target;
        this.options.onAddress(target.host);
        this.goOn();
      },
      onGiveUp: () => {
        for (const item of this.nameless.splice(0)) this.options.onNameless(item);
        if (this.registration !== undefined) this.registration.unreachable();
      },
      observe: observerOf(this.options, "target"),
    });
  }

  private newRegistration(connection: ReceiverConnection | undefined): LineRegistration {
    return new LineRegistration({
      clock: this.options.clock,
      receiver: this.options.receiver,
      dice: this.options.seed(),
      flow: connection === undefined ? undefined : () => connection.serial,
      reach: (isNameKnown) => this.reach(isNameKnown),
      register: (expiresS) => this.options.register(expiresS, this.ownPeer()),
      send: (item) => this.options.send(item, this.peer(item)),
      onTookOver: () => this.options.onTookOver(),
      observe: observerOf(this.options, "registration"),
    });
  }

  private connect(over: "connection" | "foreign"): ReceiverConnection | undefined {
    const address = this.options.address;
    const openStream = this.options.openStream;
    if (openStream === undefined || !isReliable(address)) return undefined;
    const isForeign = over === "foreign";
    const from: Peer = { host: address.host, port: address.port, over, receiver: this.options.receiver };
    return new ReceiverConnection({
      clock: this.options.clock,
      open: openStream,
      to: () => {
        this.openedTo = this.at;
        return this.at ?? { host: address.host, port: address.port };
      },
      serverName: address.transport === "tls" ? (address.serverName ?? address.host) : undefined,
      trust: isForeign ? "any" : "checked",
      onOpened: (_local, proof) => this.opened(proof, isForeign),
      onMessage: (bytes) => this.options.onMessage(bytes, from),
      onFailed: (fault) => {
        if (!isForeign && fault === "certificate") this.refused();
        if (this.names === undefined) this.turn(fault === "name-not-found");
        else if (this.openedTo !== undefined) this.names.failed(this.openedTo);
        this.options.onFailed(fault === "silent" ? "no-answer" : fault, over);
        // Last: what waited for the registrar is tried over a connection of its own.
        if (!isForeign && this.registration !== undefined) this.registration.unreachable();
      },
      observe: observerOf(this.options, "connection"),
    });
  }

  /** A last resort that finds a right certificate ends the need for last resorts. */
  private opened(proof: PeerProof, isForeign: boolean): void {
    if (!isForeign || proof !== "unverified") this.wrongCertificate = false;
    if (isForeign) return;
    this.options.onProof(proof);
    if (this.registration !== undefined) this.registration.reached();
  }

  /** Whoever looks up names itself is given the configured address where it has found none, and the name again after that. */
  private turn(isNameless: boolean): void {
    const address = this.options.address;
    const port = address.port === 0 ? usualPortOf(address.transport ?? "udp") : address.port;
    const isNamed = this.at !== undefined && this.at.host === address.host;
    if (!this.options.takesNames || address.address === undefined) return;
    this.at = { host: isNamed && isNameless ? address.address : address.host, port };
  }

  private refused(): void {
    this.wrongCertificate = true;
    this.options.onProof("wrong");
  }

  private isOpen(item: Waiting): boolean {
    return this.connection !== undefined && this.connection.isOpen && !this.isForeign(item);
  }

  private isForeign(item: Waiting): boolean {
    return item.lastResort && this.wrongCertificate && this.foreign !== undefined;
  }

  /** It is known where to go: a REGISTER first, then what waited for that. */
  private goOn(): void {
    if (this.registration !== undefined && this.registration.isReaching) this.reach(true);
    for (const item of this.nameless.splice(0)) this.bind(item);
  }

  private bind(item: Waiting): void {
    if (this.registration === undefined || item.method !== "MESSAGE" || this.isForeign(item))
      this.options.send(item, this.peer(item));
    else this.registration.submit(item);
  }

  /** A REGISTER is to go out: its registrar is reached at once, or its name is asked for, or its connection opened first. */
  private reach(isNameKnown: boolean): void {
    const connection = this.connection;
    const isOpen = connection !== undefined && connection.isOpen;
    if (!isOpen && !isNameKnown && this.names !== undefined) this.names.wanted(false);
    else if (connection !== undefined && !isOpen) connection.need();
    else if (this.registration !== undefined) this.registration.reached();
  }

  private peer(item: Waiting): Peer {
    const own = this.ownPeer();
    return this.isForeign(item) ? Object.assign({}, own, { over: "foreign" }) : own;
  }

  private ownPeer(): Peer {
    const address = this.options.address;
    if (this.connection === undefined) return this.at ?? peerOf(address);
    return { host: address.host, port: address.port, over: "connection", receiver: this.options.receiver };
  }
}
