/**
 * A mobile network in real time: what a modem's stand-in sends leaves this machine by real sockets, loopback unless an
 * address is on the allow-list. Whether the network registers it and carries anything is set from outside.
 */
import { lookup } from "node:dns";
import { isIPv6 } from "node:net";
import type { DatagramSocket, Endpoint } from "../../firmware/ports/socket.ts";
import type { Bearer, BearerSession, BearerState, BearerStream, BearerStreamOptions } from "../network/bearer.ts";
import { LiveBearerStream } from "./live-bearer-stream.ts";
import { isAllowed, liveSockets } from "./live-sockets.ts";

export interface LiveBearerOptions {
  /** Own address: datagrams and connections come from it. */
  readonly address: string;
  /** Addresses and names beyond loopback that may be used, exactly as they are written elsewhere. */
  readonly allow: readonly string[];
  /** Authorities in PEM, beside those that the modem was given by command. */
  readonly authorities: readonly string[];
  /** Runs something in the modem's own time. */
  readonly enter: (run: () => void) => void;
  /** A datagram, a connection or a name of an address that is not allowed was dropped. */
  readonly onDropped: (host: string) => void;
  /** A port of the own address could not be had: what is sent from it goes nowhere. */
  readonly onRefusedPort: (port: number, code: string) => void;
}

/** Ports that a session sends from; a modem has fewer sockets. */
const portLimit = 16;
/** Datagrams that wait until their port is open. */
const earlyLimit = 8;
const unregistered: BearerState = {
  signal: 99,
  registered: "searching",
  operatorName: "",
  plmn: "",
  generation: "4g",
};
const home: BearerState = {
  signal: 21,
  registered: "home",
  operatorName: "Livlina Live",
  plmn: "00101",
  generation: "4g",
};

export class LiveBearer implements Bearer {
  private readonly options: LiveBearerOptions;
  private session: LiveSession | undefined;
  private isRegistered: boolean;
  private carries: boolean;
  private onChange: () => void;

  constructor(options: LiveBearerOptions) {
    this.options = options;
    this.session = undefined;
    this.isRegistered = true;
    this.carries = true;
    this.onChange = () => {};
  }

  state(): BearerState {
    return this.isRegistered ? home : unregistered;
  }

  listen(onChange: () => void): void {
    this.onChange = onChange;
  }

  wallMs(): number | undefined {
    return this.isRegistered ? Date.now() : undefined;
  }

  /** Whether the network knows the modem; without that its session ends. */
  register(isRegistered: boolean): void {
    this.isRegistered = isRegistered;
    this.onChange();
  }

  /** Whether anything passes; without that a session stands, and all is silent. */
  carry(carries: boolean): void {
    this.carries = carries;
    this.session?.carry(carries);
  }

  activate(receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void): BearerSession | undefined {
    if (!this.isRegistered) return undefined;
    this.session?.close();
    this.session = new LiveSession(this.options, this.carries, receive);
    return this.session;
  }

  close(): void {
    this.session?.close();
    this.session = undefined;
  }
}

/** A port of the session, from its first datagram on: before that nothing is heard there, as behind an operator's gateway. */
interface OpenPort {
  readonly socket: DatagramSocket;
  /** Undefined once the port is open. */
  early: { readonly bytes: Uint8Array; readonly to: Endpoint }[] | undefined;
}

class LiveSession implements BearerSession {
  readonly address: string;
  private readonly options: LiveBearerOptions;
  private readonly receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void;
  private readonly ports: Map<number, OpenPort>;
  private readonly streams: Set<LiveBearerStream>;
  private carries: boolean;
  private isOver: boolean;

  constructor(
    options: LiveBearerOptions,
    carries: boolean,
    receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void,
  ) {
    this.address = options.address;
    this.options = options;
    this.receive = receive;
    this.ports = new Map();
    this.streams = new Set();
    this.carries = carries;
    this.isOver = false;
  }

  send(bytes: Uint8Array, fromPort: number, to: Endpoint): void {
    if (this.isOver || !this.carries) return;
    const port = this.ports.get(fromPort) ?? this.openPort(fromPort);
    if (port === undefined) return;
    if (port.early === undefined) port.socket.send(bytes, to);
    else if (port.early.length < earlyLimit) port.early.push({ bytes: bytes.slice(), to });
  }

  connect(options: BearerStreamOptions): BearerStream {
    const stream = new LiveBearerStream(this.options, options, this.carries, () => this.streams.delete(stream));
    this.streams.add(stream);
    return stream;
  }

  resolve(name: string, then: (address: string | undefined) => void): void {
    const { allow, enter, onDropped } = this.options;
    if (!this.carries) return;
    const answer = (address: string | undefined): void =>
      enter(() => {
        if (!this.isOver && this.carries) then(address);
      });
    if (isAllowed(name, allow))
      lookup(name, { family: isIPv6(this.address) ? 6 : 4 }, (error, address) =>
        answer(error === null ? address : undefined),
      );
    else {
      onDropped(name);
      setImmediate(() => answer(undefined));
    }
  }

  carry(carries: boolean): void {
    this.carries = carries;
    for (const stream of this.streams) stream.carry(carries);
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const { socket } of this.ports.values()) socket.close();
    for (const stream of this.streams) stream.close();
  }

  private openPort(localPort: number): OpenPort | undefined {
    if (this.ports.size >= portLimit) return undefined;
    const { address, allow, enter, onDropped, onRefusedPort } = this.options;
    const open = liveSockets({
      host: address,
      allow: [...allow, address],
      onDropped,
      onListenError: (error) => onRefusedPort(localPort, error.code),
    });
    const port: OpenPort = {
      early: [],
      socket: open({
        localPort,
        onReady: () => {
          const early = port.early ?? [];
          port.early = undefined;
          for (const { bytes, to } of early) port.socket.send(bytes, to);
        },
        onReadable: () => {
          for (let due = port.socket.read(); due !== undefined; due = port.socket.read())
            this.hear(due.bytes, due.from, localPort, enter);
        },
        onFault: () => {},
      }),
    };
    this.ports.set(localPort, port);
    return port;
  }

  private hear(bytes: Uint8Array, from: Endpoint, toPort: number, enter: (run: () => void) => void): void {
    enter(() => {
      if (!this.isOver && this.carries) this.receive(bytes, from, toPort);
    });
  }
}
