/**
 * `traffic.pcapng`: every SIP message that a receiver heard or said, as a packet on the simulated addresses. Memory is bounded
 * by one buffer, the file by a limit, after which packets are only counted.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { ReceiverTransport } from "../peers/receiver-transactions.ts";
import { WholeFile } from "./files.ts";
import { datagramBlock, fileHead, messageBlock } from "./pcapng.ts";

const bufferBytes = 256 * 1024;
const defaultLimitBytes = 1_000_000_000;

export class Capture {
  /** Packets that found no room. */
  dropped: number;
  private readonly file: WholeFile | undefined;
  private readonly limit: number;
  private waiting: Uint8Array[];
  private waitingCount: number;
  private size: number;

  /** Without a path nothing is kept. Throws UnwritableError. */
  constructor(path: string | undefined, limitBytes: number = defaultLimitBytes) {
    this.file = path === undefined ? undefined : new WholeFile(path);
    this.limit = limitBytes;
    this.dropped = 0;
    this.waiting = [];
    this.waitingCount = 0;
    this.size = 0;
    this.put(fileHead());
  }

  /** `wallMs`: since 1970. */
  add(wallMs: number, from: Endpoint, to: Endpoint, bytes: Uint8Array, transport: ReceiverTransport): void {
    if (this.file === undefined) return;
    if (this.size + bytes.length > this.limit) this.dropped++;
    else if (transport === "udp") this.put(datagramBlock(wallMs, from, to, bytes));
    else this.put(messageBlock(wallMs, from, to, bytes));
  }

  /** The file appears only now. */
  close(): void {
    this.flush();
    this.file?.finish();
  }

  /** The run broke off: no file is left. */
  abandon(): void {
    this.file?.abandon();
  }

  private put(block: Uint8Array): void {
    this.waiting.push(block);
    this.waitingCount += block.length;
    this.size += block.length;
    if (this.waitingCount >= bufferBytes) this.flush();
  }

  private flush(): void {
    this.file?.append(Buffer.concat(this.waiting));
    this.waiting = [];
    this.waitingCount = 0;
  }
}
