/** One route as the unit uses it: a socket, the SIP agent on it, and whether it is open. It decides nothing. */
import type { Route } from "../alarm/report.ts";
import type { Clock } from "../ports/clock.ts";
import type { DatagramSocket, Endpoint, OpenDatagramSocket } from "../ports/socket.ts";
import { type AgentEvent, MessageAgent, type ReceiverAddress } from "../sip/message-agent.ts";

export interface RouteLinkOptions {
  readonly route: Route;
  readonly open: OpenDatagramSocket;
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

export class RouteLink {
  readonly route: Route;
  ready: boolean;
  private readonly agent: MessageAgent;
  private socket: DatagramSocket | undefined;
  private local: Endpoint;
  private readonly options: RouteLinkOptions;

  constructor(options: RouteLinkOptions) {
    this.options = options;
    this.route = options.route;
    this.ready = false;
    this.local = { host: "0.0.0.0", port: options.localPort };
    this.socket = undefined;
    this.agent = new MessageAgent({
      clock: options.clock,
      random: options.random,
      aor: options.aor,
      local: () => this.local,
      receivers: options.receivers,
      send: (bytes, to) => {
        if (this.socket !== undefined) this.socket.send(bytes, to);
      },
      onEvent: (event) => options.onEvent(options.route, event),
    });
    this.open();
  }

  send(attempt: number, receiver: number, body: Uint8Array): void {
    this.agent.send(attempt, receiver, body);
  }

  stop(attempt: number): void {
    this.agent.stop(attempt);
  }

  mayAnswer(receiver: number, host: string): boolean {
    return this.agent.mayAnswer(receiver, host);
  }

  /** A new socket in place of the old one. */
  reopen(): void {
    if (this.socket !== undefined) this.socket.close();
    this.link(false);
    this.open();
  }

  private open(): void {
    this.socket = this.options.open({
      localPort: this.options.localPort,
      onReady: (local) => {
        this.local = local;
        this.link(true);
      },
      onFault: () => this.link(false),
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
