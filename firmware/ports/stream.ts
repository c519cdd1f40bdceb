/** TCP connections, plain or under TLS, over broadband or through a modem, in the ECMA-419 IO pattern: non-blocking, told by callbacks. */
import type { StreamFault } from "../sip/stream-fault.ts";
import type { Endpoint } from "./socket.ts";

/** What TLS has shown of the other side. `expired`: all is well but the dates; `unverified`: nothing was checked. */
export type PeerProof = "checked" | "expired" | "unverified";

export interface StreamOptions {
  readonly to: Endpoint;
  /** TLS with that server name (RFC 6066 3), or undefined for plain TCP. */
  readonly serverName: string | undefined;
  /**
   * `any`: a certificate whose name or issuer is wrong is no fault, and its proof is `unverified`; absent: it is one, with
   * "certificate". A host that cannot open such connections may go on as if it were absent.
   */
  readonly trust?: "checked" | "any" | undefined;
  /** From now on write() is allowed. */
  readonly onReady: (local: Endpoint, proof: PeerProof) => void;
  /** This many bytes are waiting for read(). */
  readonly onReadable: (byteCount: number) => void;
  /** It is over, or never began. Nothing is called after this. */
  readonly onFault: (fault: StreamFault) => void;
}

export interface Stream {
  /** Takes the bytes over; the host has room for at least 16,384 bytes that were not sent yet and throws beyond. */
  write(bytes: Uint8Array): void;
  /** What was written as this very array, and of which nothing has left, need not leave. Absent where nothing waits. */
  recall?(bytes: Uint8Array): void;
  /** Everything that is waiting, or undefined when nothing is. */
  read(): Uint8Array | undefined;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenStream = (options: StreamOptions) => Stream;
