/** The stream port over ECMA-419 TCP and the engine's TLS. Names are looked up by the firmware: only addresses come here. */
import type { Clock, Timer } from "../../ports/clock.ts";
import type { SocketFault } from "../../ports/socket.ts";
import type { OpenStream, PeerProof, Stream, StreamOptions } from "../../ports/stream.ts";
import type { StreamFault } from "../../sip/stream-fault.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteIo, TcpIo, TcpIoOptions, TlsIo } from "./ecma419.ts";
import { GuardedTcp, type GuardedTcpOptions } from "./guarded-tcp.ts";
import type { LinkWatcher, NetworkLink } from "./link.ts";

const leastRoom = 16_384;
const patienceMs = 30_000;
/** The engine tells no local port; answers come back over the connection whatever is named (RFC 3261 18.2.2). */
const sipPort = 5_060;
const sipsPort = 5_061;

export interface StreamParts {
  readonly tcp: TcpIo;
  readonly tls: TlsIo;
  readonly link: NetworkLink;
  readonly clock: Clock;
  /** An authority beside the engine's own, as DER; absent: those alone. */
  readonly certificate?: ArrayBuffer | undefined;
}

export function streamsOver(parts: StreamParts): OpenStream {
  return (options) => new TcpStream(parts, options);
}

class TcpStream implements Stream, LinkWatcher {
  private readonly parts: StreamParts;
  private readonly options: StreamOptions;
  private readonly queue: ByteQueue;
  private io: ByteIo | undefined;
  private below: GuardedTcp | undefined;
  private timer: Timer | undefined;
  private ready: boolean;
  private over: boolean;

  constructor(parts: StreamParts, options: StreamOptions) {
    this.parts = parts;
    this.options = options;
    this.io = undefined;
    this.below = undefined;
    this.ready = false;
    this.over = false;
    this.queue = new ByteQueue("stream", leastRoom, (bytes) => {
      if (this.io !== undefined) this.io.write(bytes);
    });
    parts.link.watch(this);
    // Never from inside what opened it.
    this.timer = parts.clock.after(0, () => this.connect());
  }

  write(bytes: Uint8Array): void {
    if (!this.over) this.queue.push(bytes);
  }

  read(): Uint8Array | undefined {
    const bytes = this.io === undefined ? undefined : this.io.read();
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.parts.link.unwatch(this);
    if (this.timer !== undefined) this.timer.cancel();
    if (this.io !== undefined) this.io.close();
    this.io = undefined;
  }

  linkUp(_address: string): void {
    // Another address: what was connected over the former one is gone.
    if (this.io !== undefined) this.fail("connection-lost");
  }

  linkDown(fault: SocketFault): void {
    this.fail(this.ready ? "connection-lost" : fault === "no-address" ? "no-address" : "no-link");
  }

  private connect(): void {
    const fault = this.parts.link.fault;
    if (fault !== undefined) {
      this.fail(fault === "no-address" ? "no-address" : "no-link");
      return;
    }
    this.timer = this.parts.clock.after(patienceMs, () => this.fail("connect-timeout"));
    try {
      this.io = this.options.serverName === undefined ? this.plain() : this.secured(this.options.serverName);
    } catch {
      this.fail(isAddress(this.options.to.host) ? "connection-refused" : "name-not-found");
    }
  }

  private plain(): ByteIo {
    return new this.parts.tcp(this.socketOptions());
  }

  private secured(serverName: string): ByteIo {
    const certificate = this.parts.certificate;
    const verify = this.options.trust !== "any";
    const guarded: Pick<GuardedTcpOptions, "below" | "onMade" | "onBroken"> = {
      below: this.parts.tcp,
      onMade: (socket) => {
        this.below = socket;
      },
      onBroken: (reason) => this.broke(reason),
    };
    const secure = certificate === undefined ? { verify } : { verify, certificate };
    const tls = { host: serverName, secure, TCP: { io: GuardedTcp as unknown as TcpIo } };
    return new this.parts.tls(Object.assign({}, this.socketOptions(), guarded, tls));
  }

  private socketOptions(): TcpIoOptions {
    return {
      address: this.options.to.host,
      port: this.options.to.port,
      nodelay: true,
      format: "buffer",
      onReadable: (count) => {
        if (!this.over) this.options.onReadable(count);
      },
      onWritable: (count) => this.writable(count),
      onError: () => this.fail(this.ready ? "connection-lost" : "connection-refused"),
    };
  }

  private writable(count: number): void {
    if (this.over) return;
    if (!this.ready && !this.becomeReady()) return;
    this.queue.grant(count);
  }

  /** False where it is over instead. */
  private becomeReady(): boolean {
    const isSecure = this.options.serverName !== undefined;
    if (isSecure && (this.below === undefined || !this.below.isSecured)) {
      this.fail("connection-refused");
      return false;
    }
    if (this.timer !== undefined) this.timer.cancel();
    this.ready = true;
    const proof: PeerProof = isSecure && this.options.trust !== "any" ? "checked" : "unverified";
    this.options.onReady({ host: this.parts.link.address, port: isSecure ? sipsPort : sipPort }, proof);
    return !this.over;
  }

  /** The engine gives no reason but its words: those of its certificate check begin so. */
  private broke(reason: string): void {
    this.fail(
      this.ready ? "connection-lost" : reason.indexOf("certificate") >= 0 ? "certificate" : "connection-refused",
    );
  }

  private fail(fault: StreamFault): void {
    if (this.over) return;
    this.close();
    this.options.onFault(fault);
  }
}

/** Digits and dots, or anything with a colon: a name has a letter and no colon. */
function isAddress(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    if (code === 0x3a) return true;
    if (code !== 0x2e && (code < 0x30 || code > 0x39)) return false;
  }
  return host.length > 0;
}
