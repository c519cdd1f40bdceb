/** One route as the unit uses it: a socket, the SIP agent on it, a line to each receiver, and whether it is open. It decides nothing. */

import { ping } from "../../protocol/sip/stream.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { Route } from "../alarm/report.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { LookUp } from "../ports/names.ts";
import type { DatagramSocket, Endpoint, OpenDatagramSocket } from "../ports/socket.ts";
import type { OpenStream } from "../ports/stream.ts";
import { type CallRoute, ReceiverRoute } from "../sip/call-route.ts";
import { type AgentEvent, MessageAgent, type Registered } from "../sip/message-agent.ts";
import type { Peer, ReceiverAddress } from "../sip/receiver-address.ts";
import { contactOf } from "../sip/registrar.ts";
import { mobileRoundTripMs, roundTripMs } from "../sip/transaction-times.ts";
import { KeepAlive } from "./keep-alive.ts";
import { ReceiverLine, type ShownProof } from "./receiver-line.ts";
import type { Waiting } from "./waiting.ts";

export interface RouteLinkOptions {
  readonly route: Route;
  /** Its place among the unit's routes, from 1: names its bindings (RFC 5626 4.2, `reg-id`). */
  readonly regId: number;
  readonly open: OpenDatagramSocket;
  /** Absent where the route carries datagrams only: then every receiver is asked over UDP. */
  readonly openStream: OpenStream | undefined;
  /** Absent where the route has no name service that can be asked. */
  readonly lookUp: LookUp | undefined;
  /** Whether its sockets look up names themselves; where nobody does, a receiver's `address` stands for its name. */
  readonly takesNames: boolean;
  /** Whether its TLS can check no other name than the one it connects to, and so is always given the name. */
  readonly tlsTakesNames: boolean;
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  /** The unit's address of record. */
  readonly aor: string;
  readonly localPort: number;
  readonly receivers: readonly ReceiverAddress[];
  readonly onEvent: (route: Route, event: AgentEvent) => void;
  /** The socket became usable, or is no longer. */
  readonly onLinked: (route: Route, up: boolean) => void;
  /** What TLS has shown of a receiver, on each connection that opens or is refused for its certificate. */
  readonly onProof: (route: Route, receiver: number, proof: ShownProof) => void;
  /** The unit is registered there over this route now, and no longer reached over another one. */
  readonly onTookOver: (route: Route, receiver: number) => void;
  /** Absent: no log. */
  readonly observe?: Observe | undefined;
}

export type LinkFault = "no-link" | "no-address" | "name-not-found";

/** How a message is to be sent. */
export interface Urgency {
  /** An alarm: it waits for no registrar. */
  readonly urgent: boolean;
  /** Everything else was tried in vain: also to a receiver whose certificate is wrong. */
  readonly lastResort: boolean;
}

const noBody = new Uint8Array(0);
/** While somebody may call back. */
const callPauseMs = 25_000;
/** A registrar that keeps flows and says no time suffers two minutes of silence (RFC 5626 4.4.1). */
const usualFlowS = 120;
const shortestFlowS = 15;

export class RouteLink {
  readonly route: Route;
  ready: boolean;
  /** Why it is not ready. */
  fault: LinkFault;
  /** For a telephone over this route. */
  readonly calls: CallRoute;
  private readonly agent: MessageAgent;
  /** By receiver. */
  private readonly lines: ReceiverLine[];
  private readonly user: string;
  private readonly keeper: KeepAlive;
  private mayBeCalled: boolean;
  /** By receiver: the longest pause that its registrar suffers, 0 for any. */
  private readonly flowMs: number[];
  private socket: DatagramSocket | undefined;
  private local: Endpoint;
  private readonly options: RouteLinkOptions;

  constructor(options: RouteLinkOptions) {
    this.options = options;
    this.route = options.route;
    this.ready = false;
    this.fault = "no-link";
    this.local = { host: "0.0.0.0", port: options.localPort };
    this.socket = undefined;
    this.keeper = new KeepAlive(options.clock, () => this.ping());
    this.mayBeCalled = false;
    this.flowMs = [];
    const receivers = options.openStream === undefined ? overDatagrams(options.receivers) : options.receivers;
    this.agent = new MessageAgent({
      clock: options.clock,
      random: options.random,
      aor: options.aor,
      local: (to) => this.localTo(to),
      receivers,
      roundTripMs: options.route === "mobile" ? mobileRoundTripMs : roundTripMs,
      send: (bytes, to) => this.carry(bytes, to),
      recall: (bytes, to) => this.recall(bytes, to),
      onEvent: (event) => this.hear(event),
      onRegistered: (what) => this.registered(what),
      calls: { isThere: () => calls.isTaken, hear: (message, from) => calls.hear(message, from) },
    });
    const calls = this.callsOver(receivers);
    this.calls = calls;
    const aor = parseUri(options.aor);
    this.user = aor.ok ? (aor.value.user ?? "") : "";
    this.lines = [];
    for (let i = 0; i < receivers.length; i++) {
      this.flowMs.push(0);
      this.lines.push(this.lineTo(i, receivers[i] as ReceiverAddress));
    }
    this.open();
  }

  send(attempt: number, receiver: number, body: Uint8Array, how: Urgency): void {
    const line = this.lines[receiver] as ReceiverLine;
    line.submit({ attempt, method: "MESSAGE", body, urgent: how.urgent, lastResort: how.lastResort });
  }

  probe(attempt: number, receiver: number): void {
    const line = this.lines[receiver] as ReceiverLine;
    line.submit({ attempt, method: "OPTIONS", body: noBody, urgent: false, lastResort: false });
  }

  stop(attempt: number): void {
    for (const line of this.lines) line.stop(attempt);
    this.agent.stop(attempt);
  }

  mayAnswer(receiver: number, host: string): boolean {
    return this.agent.mayAnswer(receiver, host);
  }

  /** Whether the receiver has to show who it is before anything of it counts over this route. */
  isAuthenticated(receiver: number): boolean {
    return (this.lines[receiver] as ReceiverLine).isAuthenticated;
  }

  /** It is the active route, or no longer: whether its connections stay open and its registrations are renewed when nothing is said. */
  keep(on: boolean): void {
    for (const line of this.lines) line.keep(on);
  }

  /** Somebody may call back, or no longer: the ways to all receivers are shown to be used each 25 s. */
  keepAlive(on: boolean): void {
    this.mayBeCalled = on;
    this.pace();
  }

  /** Another route has registered with that receiver. */
  overtaken(receiver: number): void {
    (this.lines[receiver] as ReceiverLine).overtaken();
  }

  /** A new socket in place of the old one. */
  reopen(): void {
    if (this.socket !== undefined) this.socket.close();
    this.link(false);
    for (const line of this.lines) line.reopen();
    this.open();
  }

  private callsOver(receivers: readonly ReceiverAddress[]): ReceiverRoute {
    return new ReceiverRoute({
      aor: this.options.aor,
      receivers,
      sources: this.agent.sources,
      authorizations: this.agent.authorizations,
      local: (to, transport) =>
        transport === "udp" ? this.local : this.localTo({ host: to.host, port: to.port, over: "connection" }),
      usable: () => this.ready,
      reach: (receiver) => {
        const line = this.lines[receiver] as ReceiverLine;
        return line.isConnected ? (receivers[receiver] as ReceiverAddress) : line.endpoint;
      },
      send: (bytes, to, transport) =>
        this.carry(bytes, { host: to.host, port: to.port, over: transport === "udp" ? undefined : "connection" }),
    });
  }

  private lineTo(receiver: number, address: ReceiverAddress): ReceiverLine {
    const options = this.options;
    const agent = this.agent;
    const isByName = options.tlsTakesNames && address.transport === "tls";
    return new ReceiverLine({
      clock: options.clock,
      receiver,
      address,
      openStream: options.openStream,
      lookUp: isByName ? undefined : options.lookUp,
      takesNames: isByName || options.takesNames,
      seed: () => seedFrom(options.random),
      send: (item, peer) =>
        item.method === "MESSAGE"
          ? agent.send(item.attempt, receiver, item.body, peer)
          : agent.probe(item.attempt, receiver, peer),
      register: (expiresS, peer) => {
        const transport = address.transport ?? "udp";
        const local = this.localTo(peer);
        const contact = contactOf(options.aor, this.user, local, transport, options.regId, expiresS);
        agent.register(receiver, contact, peer);
      },
      onNameless: (item) => this.nameless(receiver, item),
      onAddress: (host) => agent.sources.learn(receiver, host),
      onMessage: (bytes, from) => agent.hear(bytes, from),
      onFailed: (reason, over) => agent.connectionFailed(receiver, reason, over),
      onProof: (proof) => options.onProof(options.route, receiver, proof),
      onTookOver: () => options.onTookOver(options.route, receiver),
      observe: options.observe,
    });
  }

  private nameless(receiver: number, item: Waiting): void {
    const reason = "name-not-found";
    const attempt = item.attempt;
    this.hear({ type: "failed", attempt, receiver, reason, status: 0, retryAfterS: undefined });
  }

  /** A registrar that keeps the flow drops what is silent for longer than it says: eight tenths of that is early enough (RFC 5626 4.4). */
  private registered(what: Registered): void {
    const outcome = what.outcome;
    if (outcome !== undefined && outcome.type === "bound") {
      const flowS = Math.max(shortestFlowS, outcome.flowTimerS ?? usualFlowS);
      this.flowMs[what.receiver] = outcome.isOutbound && outcome.expiresS > 0 ? 800 * flowS : 0;
      this.pace();
    }
    (this.lines[what.receiver] as ReceiverLine).registered(what);
  }

  private pace(): void {
    let pauseMs = this.mayBeCalled ? callPauseMs : 0;
    for (const flowMs of this.flowMs) if (flowMs > 0 && (pauseMs === 0 || flowMs < pauseMs)) pauseMs = flowMs;
    this.keeper.set(pauseMs);
  }

  private hear(event: AgentEvent): void {
    const line = this.lines[event.receiver] as ReceiverLine;
    if (event.type === "heard") line.heard();
    else if (event.type === "failed" && event.reason === "busy") line.busy();
    this.options.onEvent(this.options.route, event);
  }

  private localTo(to: Peer): Endpoint {
    const line = to.over === undefined ? undefined : this.lineOf(to);
    return line === undefined ? this.local : (line.local ?? this.local);
  }

  private lineOf(to: Peer): ReceiverLine | undefined {
    for (const line of this.lines) if (line.isPeer(to)) return line;
    return undefined;
  }

  private carry(bytes: Uint8Array, to: Peer): void {
    if (to.over === undefined) {
      if (this.socket !== undefined) this.socket.send(bytes, to);
      return;
    }
    const line = this.lineOf(to);
    if (line !== undefined) line.write(bytes, to);
  }

  private recall(bytes: Uint8Array, to: Peer): void {
    const socket = this.socket;
    const line = to.over === undefined ? undefined : this.lineOf(to);
    if (line !== undefined) line.recall(bytes, to);
    else if (to.over === undefined && socket !== undefined && socket.recall !== undefined) socket.recall(bytes);
  }

  private ping(): void {
    for (const line of this.lines) {
      const to = line.endpoint;
      if (line.isConnected) line.ping();
      else if (to !== undefined && this.ready) this.carry(ping, to);
    }
  }

  private open(): void {
    this.socket = this.options.open({
      localPort: this.options.localPort,
      onReady: (local) => {
        const isOther = this.local.host !== local.host || this.local.port !== local.port;
        this.local = local;
        if (this.ready && isOther) for (const line of this.lines) line.moved();
        this.link(true);
      },
      onFault: (fault) => {
        this.fault = fault === "lost" ? "no-link" : fault;
        this.link(false);
      },
      onReadable: () => this.drain(),
    });
  }

  private link(up: boolean): void {
    if (this.ready === up) return;
    this.ready = up;
    for (const line of this.lines) line.linked(up);
    this.options.onLinked(this.route, up);
  }

  private drain(): void {
    const socket = this.socket;
    if (socket === undefined) return;
    for (let datagram = socket.read(); datagram !== undefined; datagram = socket.read()) {
      this.agent.hear(datagram.bytes, datagram.from);
    }
  }
}

/** Where the route carries datagrams only, every receiver is asked over UDP. */
function overDatagrams(receivers: readonly ReceiverAddress[]): ReceiverAddress[] {
  const all: ReceiverAddress[] = [];
  for (const receiver of receivers) all.push(Object.assign({}, receiver, { transport: "udp" }));
  return all;
}

function seedFrom(random: (into: Uint8Array) => void): number {
  const bytes = new Uint8Array(4);
  random(bytes);
  let seed = 0;
  for (const byte of bytes) seed = seed * 256 + byte;
  return seed;
}
