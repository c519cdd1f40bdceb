/**
 * The TCP socket below the engine's TLS. That library throws out of its own callbacks where a handshake fails, which would end the
 * program; and it calls a session ready that the other side closed before any key was agreed. Both are caught here.
 */
import type { TcpIo, TcpIoOptions, TcpSocketIo } from "./ecma419.ts";

export interface GuardedTcpOptions extends TcpIoOptions {
  /** The engine's own TCP. */
  readonly below: TcpIo;
  /** Told of the socket that was made, at once. */
  readonly onMade: (socket: GuardedTcp) => void;
  /** The library threw: what it said. */
  readonly onBroken: (reason: string) => void;
}

/** TLS record of the change to the agreed keys (RFC 5246 6.2.1). */
const changeCipherSpec = 20;

export class GuardedTcp implements TcpSocketIo {
  /** What is sent from now on is encrypted. */
  isSecured: boolean;
  private readonly io: TcpSocketIo;
  private readonly options: GuardedTcpOptions;
  private broken: boolean;

  constructor(options: GuardedTcpOptions) {
    this.isSecured = false;
    this.broken = false;
    this.options = options;
    this.io = new options.below({
      address: options.address,
      port: options.port,
      nodelay: options.nodelay,
      format: "buffer",
      onReadable: (count) => this.guard(() => options.onReadable(count)),
      onWritable: (count) => this.guard(() => options.onWritable(count)),
      onError: () => this.guard(() => options.onError()),
    });
    options.onMade(this);
  }

  read(into?: number | Uint8Array): ArrayBuffer | undefined {
    return into === undefined ? this.io.read() : this.io.read(into);
  }

  write(bytes: Uint8Array): number | undefined {
    // The library hands over whole records, some as bare buffers.
    const first = new Uint8Array(bytes as unknown as ArrayBuffer)[0];
    if (first === changeCipherSpec) this.isSecured = true;
    return this.io.write(bytes);
  }

  close(): void {
    this.broken = true;
    this.io.close();
  }

  private guard(call: () => void): void {
    if (this.broken) return;
    try {
      call();
    } catch (thrown) {
      this.broken = true;
      this.options.onBroken((thrown as Error).message);
    }
  }
}
