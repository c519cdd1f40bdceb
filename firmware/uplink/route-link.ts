/** One route as the unit uses it: a socket, the SIP agent on it, and whether it is open. It decides nothing. */
import type { Route } from "../alarm/report.ts";
import type { Clock } from "../ports/clock.ts";
import type { DatagramSocket, Endpoint, OpenDatagramSocket } from "../ports/socket.ts";
import type { OpenStream } from "../ports/stream.ts";
import { type AgentEvent, isReliable, MessageAgent, type ReceiverAddress } from "../sip/message-agent.ts";
import { ReceiverConnection } from "../sip/receiver-connection.ts";

export interface RouteLinkOptions {
  readonly route: Route;
  readonly open: OpenDatagramSocket;
  /** Absent where the route carries datagrams only. */
  readonly openStream: OpenStream | undefined;
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  /** The unit's address of record. */
  readonly aor: string;
  readonly localPort: number;
  readonly receivers: readonly ReceiverAddress[];
  readonly onEvent: (route: Route, event: AgentEvent) => void;
  /** The socket became usable, or is no longer. */
  readonly onLinked: (route: Route, up: boolean) => void;
}

export type LinkFault = "no-link" | "no-address" | "name-not-found";

export class RouteLink {
  readonly route: Route;
  ready: boolean;
  /** Why it is not ready. */
  fault: LinkFault;
  private readonly agent: MessageAgent;
  /** By receiver; undefined for those that are reached over UDP. */
  private readonly connections: (ReceiverConnection | undefined)[];
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
    this.agent = new MessageAgent({
      clock: options.clock,
      random: options.random,
      aor: options.aor,
      local: () => this.local,
      receivers: options.openStream === undefined ? overDatagrams(options.receivers) : options.receivers,
      send: (bytes, to) => this.carry(bytes, to),
      onEvent: (event) => options.onEvent(options.route, event),
    });
    this.connections = [];
    for (let i = 0; i < options.receivers.length; i++) this.connections.push(this.connect(i));
    this.open();
  }

  send(attempt: number, receiver: number, body: Uint8Array): void {
    this.agent.send(attempt, receiver, body);
  }

  probe(attempt: number, receiver: number): void {
    this.agent.probe(attempt, receiver);
  }

  stop(attempt: number): void {
    this.agent.stop(attempt);
  }

  mayAnswer(receiver: number, host: string): boolean {
    return this.agent.mayAnswer(receiver, host);
  }

  /** Whether its connections stay open when nothing is said. */
  keep(on: boolean): void {
    for (const connection of this.connections) if (connection !== undefined) connection.keep(on);
  }

  /** A new socket in place of the old one. */
  reopen(): void {
    if (this.socket !== undefined) this.socket.close();
    this.link(false);
    for (const connection of this.connections) if (connection !== undefined) connection.reopen();
    this.open();
  }

  private connect(receiver: number): ReceiverConnection | undefined {
    const address = this.options.receivers[receiver] as ReceiverAddress;
    const openStream = this.options.openStream;
    if (openStream === undefined || !isReliable(address)) return undefined;
    const to = { host: address.host, port: address.port };
    return new ReceiverConnection({
      clock: this.options.clock,
      open: openStream,
      to,
      serverName: address.transport === "tls" ? (address.serverName ?? address.host) : undefined,
      onLocal: (local) => {
        this.local = local;
      },
      onMessage: (bytes) => this.agent.hear(bytes, to),
      onFailed: (fault) => this.agent.connectionFailed(receiver, fault === "silent" ? "no-answer" : fault),
    });
  }

  private carry(bytes: Uint8Array, to: Endpoint): void {
    for (let i = 0; i < this.connections.length; i++) {
      const connection = this.connections[i];
      const address = this.options.receivers[i] as ReceiverAddress;
      if (connection === undefined || address.host !== to.host || address.port !== to.port) continue;
      connection.send(bytes);
      return;
    }
    if (this.socket !== undefined) this.socket.send(bytes, to);
  }

  private open(): void {
    this.socket = this.options.open({
      localPort: this.options.localPort,
      onReady: (local) => {
        this.local = local;
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

/** Where the route carries datagrams only, every receiver is asked over UDP, and at its address. */
function overDatagrams(receivers: readonly ReceiverAddress[]): ReceiverAddress[] {
  const all: ReceiverAddress[] = [];
  for (const receiver of receivers)
    all.push(Object.assign({}, receiver, { transport: "udp", host: receiver.address ?? receiver.host }));
  return all;
}
