/** Doubles of the engine's lines, sockets and network, as strict as the engine: what it has no room for throws. For tests alone. */
import type {
  ByteIo,
  NetworkInterface,
  NetworkIo,
  ReadDatagram,
  SerialIo,
  SerialIoOptions,
  TcpIo,
  TcpIoOptions,
  TcpSocketIo,
  UdpIo,
  UdpIoOptions,
  UdpSocketIo,
} from "./ecma419.ts";

/** What went out and what is waiting to be read, of one line or connection. */
export class BenchBytes<O extends { onReadable(count: number): void; onWritable(count: number): void }>
  implements TcpSocketIo
{
  readonly options: O;
  readonly sent: number[];
  closed: boolean;
  /** As much as the engine takes now; more throws. */
  room: number;
  private waiting: number[];

  constructor(options: O) {
    this.options = options;
    this.sent = [];
    this.closed = false;
    this.room = 0;
    this.waiting = [];
  }

  read(into?: number | Uint8Array): ArrayBuffer | undefined {
    if (this.closed) throw new Error("closed");
    if (this.waiting.length === 0) return undefined;
    const bytes = new Uint8Array(
      this.waiting.splice(0, into instanceof Uint8Array ? into.length : this.waiting.length),
    );
    if (into instanceof Uint8Array) into.set(bytes);
    return bytes.buffer as ArrayBuffer;
  }

  write(bytes: Uint8Array): number {
    if (this.closed) throw new Error("closed");
    if (bytes.length > this.room) throw new Error("would block");
    this.room -= bytes.length;
    for (const byte of bytes) this.sent.push(byte);
    return this.room;
  }

  close(): void {
    this.closed = true;
  }

  /** The engine makes room and says so. */
  grant(count: number): void {
    this.room = count;
    this.options.onWritable(count);
  }

  /** Bytes come in. */
  hear(bytes: readonly number[]): void {
    for (const byte of bytes) this.waiting.push(byte);
    this.options.onReadable(this.waiting.length);
  }
}

/** Every line that was opened, newest last. */
export interface BenchSerial {
  readonly io: SerialIo;
  readonly opened: BenchBytes<SerialIoOptions>[];
}
export function benchSerial(): BenchSerial {
  const opened: BenchBytes<SerialIoOptions>[] = [];
  function Line(options: SerialIoOptions): ByteIo {
    const line = new BenchBytes(options);
    opened.push(line);
    return line;
  }
  return { io: Line as unknown as SerialIo, opened };
}

export interface BenchTcp {
  readonly io: TcpIo;
  readonly opened: BenchBytes<TcpIoOptions>[];
}
/** Throws for what is no address, as the engine does. */
export function benchTcp(): BenchTcp {
  const opened: BenchBytes<TcpIoOptions>[] = [];
  function Connection(options: TcpIoOptions): TcpSocketIo {
    if (options.address.charCodeAt(0) > 0x39) throw new Error("invalid address");
    const connection = new BenchBytes(options);
    opened.push(connection);
    return connection;
  }
  return { io: Connection as unknown as TcpIo, opened };
}

export class BenchUdpSocket implements UdpSocketIo {
  readonly options: UdpIoOptions;
  readonly sent: { readonly bytes: Uint8Array; readonly address: string; readonly port: number }[];
  closed: boolean;
  private readonly waiting: ReadDatagram[];

  constructor(options: UdpIoOptions) {
    this.options = options;
    this.sent = [];
    this.closed = false;
    this.waiting = [];
  }

  read(): ReadDatagram | undefined {
    return this.waiting.shift();
  }

  write(bytes: Uint8Array, address: string, port: number): void {
    if (address.charCodeAt(0) > 0x39) throw new Error("invalid IP address");
    const copy = new Uint8Array(bytes.length);
    copy.set(bytes);
    this.sent.push({ bytes: copy, address, port });
  }

  close(): void {
    this.closed = true;
  }

  hear(bytes: Uint8Array, address: string, port: number): void {
    const buffer = new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    this.waiting.push(Object.assign(buffer, { address, port }));
    this.options.onReadable(1);
  }
}

export interface BenchUdp {
  readonly io: UdpIo;
  readonly opened: BenchUdpSocket[];
  /** While true, no socket can be had. */
  isFull: boolean;
}
export function benchUdp(): BenchUdp {
  const opened: BenchUdpSocket[] = [];
  let bench: BenchUdp;
  function Socket(options: UdpIoOptions): UdpSocketIo {
    if (bench.isFull) throw new Error("no socket");
    const socket = new BenchUdpSocket(options);
    opened.push(socket);
    return socket;
  }
  bench = { io: Socket as unknown as UdpIo, opened, isFull: false };
  return bench;
}

/** A network interface that a test moves: 200 no link, 400 a link, 500 an address. */
export interface BenchNetwork {
  readonly io: NetworkIo;
  /** Times that an address was asked for. */
  asked: number;
  become(connection: number, address: string | undefined): void;
}
export function benchNetwork(): BenchNetwork {
  let connection = 200;
  let address: string | undefined;
  let changed: (what: string) => void = () => {};
  function Interface(options: { readonly onChanged: (what: string) => void }): NetworkInterface {
    changed = options.onChanged;
    return {
      connect: () => {
        bench.asked++;
        if (connection === 300) throw new Error("already connecting");
      },
      get connection() {
        return connection;
      },
      get address() {
        return address;
      },
      close: () => {},
    };
  }
  const bench: BenchNetwork = {
    io: Interface as unknown as NetworkIo,
    asked: 0,
    become: (to, own) => {
      connection = to;
      address = own;
      changed("connection");
    },
  };
  return bench;
}
