/**
 * The shapes of ECMA-419 that our ports are made of, as far as we use them: each class takes one object of options, calls back when
 * something can be done, and never waits. The adapters know these shapes alone; the engine's own modules are named in `engine.ts`.
 */

export interface Closable {
  close(): void;
}

/** Serial, TCP and TLS in format "buffer". */
export interface ByteIo extends Closable {
  /** What is waiting, or undefined. */
  read(): ArrayBuffer | undefined;
  write(bytes: Uint8Array): unknown;
}

export interface ByteCallbacks {
  readonly format: "buffer";
  readonly onReadable: (count: number) => void;
  /** So many bytes can be written now. */
  readonly onWritable: (count: number) => void;
}

export interface SerialIoOptions extends ByteCallbacks {
  readonly baud: number;
  readonly port: number;
  readonly receive: number;
  readonly transmit: number;
}
export type SerialIo = new (options: SerialIoOptions) => ByteIo;

export interface TcpIoOptions extends ByteCallbacks {
  readonly address: string;
  readonly port: number;
  readonly nodelay: boolean;
  readonly onError: () => void;
}
/** Also what the engine's TLS takes as the socket below it, and writes its two counters into. */
export type TcpIo = new (options: TcpIoOptions) => TcpSocketIo;

export interface TcpSocketIo extends ByteIo {
  read(into?: number | Uint8Array): ArrayBuffer | undefined;
  /** Bytes that can be written after this. */
  write(bytes: Uint8Array): number | undefined;
}

export interface TlsIoOptions extends TcpIoOptions {
  /** Server name (RFC 6066 3), and what the certificate must bear. */
  readonly host: string;
  readonly secure: { readonly verify: boolean; readonly certificate?: ArrayBuffer };
  readonly TCP: { readonly io: TcpIo };
}
export type TlsIo = new (options: TlsIoOptions) => ByteIo;

/** A datagram as it is read: bytes that also tell where they are from. */
export interface ReadDatagram extends ArrayBuffer {
  readonly address: string;
  readonly port: number;
}
export interface UdpIoOptions {
  readonly port: number;
  readonly onReadable: (count: number) => void;
  readonly onError: () => void;
}
export interface UdpSocketIo extends Closable {
  read(): ReadDatagram | undefined;
  /** Throws where the network refuses it. */
  write(bytes: Uint8Array, address: string, port: number): void;
}
export type UdpIo = new (options: UdpIoOptions) => UdpSocketIo;

export interface DigitalIoOptions {
  readonly pin: number;
  readonly mode: unknown;
  readonly edge?: number;
  readonly onReadable?: () => void;
  readonly initialValue?: number;
}
export interface DigitalPin extends Closable {
  read(): number;
  write(value: number): void;
}
export interface DigitalIo {
  new (options: DigitalIoOptions): DigitalPin;
  readonly Input: unknown;
  readonly InputPullUp: unknown;
  readonly InputPullDown: unknown;
  readonly Output: unknown;
  /** Bits of `edge`. */
  readonly Rising: number;
  readonly Falling: number;
}

export interface SpiIoOptions {
  readonly port: number;
  readonly clock: number;
  readonly in: number;
  readonly out: number;
  readonly select: number;
  readonly active: 0 | 1;
  readonly hz: number;
  readonly mode: number;
}
export interface SpiBus extends Closable {
  /** Exchanges in place. */
  transfer(bytes: Uint8Array): unknown;
  flush(deselect: boolean): void;
}
export type SpiIo = new (options: SpiIoOptions) => SpiBus;

/** One partition of raw flash. What fails throws. */
export interface FlashPartition extends Closable {
  eraseBlock(block: number): void;
  read(into: Uint8Array, byteOffset: number): unknown;
  write(bytes: Uint8Array, byteOffset: number): void;
  status(): { readonly size: number; readonly blockLength: number; readonly blocks: number };
}
export interface FlashIo {
  open(options: { readonly path: string; readonly mode: "r" | "r+" }): FlashPartition;
}

/** A network interface. */
export interface NetworkInterface extends Closable {
  /** Asks for an address. Throws where it does so already. */
  connect(): void;
  /** From 400 on there is a link, at 500 an address too. */
  readonly connection: number;
  readonly address: string | undefined;
}
export type NetworkIo = new (options: { readonly onChanged: (what: string) => void }) => NetworkInterface;
