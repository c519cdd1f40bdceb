/** One connection of a live bearer: a real one, whose bytes wait on this side while the network carries nothing. */
import type { Stream } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { BearerStream, BearerStreamOptions } from "../network/bearer.ts";
import type { LiveBearerOptions } from "./live-bearer.ts";
import { LiveStreams } from "./live-streams.ts";

export class LiveBearerStream implements BearerStream {
  private readonly live: LiveBearerOptions;
  private readonly options: BearerStreamOptions;
  private readonly onOver: () => void;
  private stream: Stream | undefined;
  private unsent: Uint8Array[];
  private unsentBytes: number;
  private carries: boolean;
  /** Something happened while nothing was carried, and is to be told when it is again. */
  private untold: (() => void)[];
  private isOver: boolean;

  constructor(live: LiveBearerOptions, options: BearerStreamOptions, carries: boolean, onOver: () => void) {
    this.live = live;
    this.options = options;
    this.onOver = onOver;
    this.stream = undefined;
    this.unsent = [];
    this.unsentBytes = 0;
    this.carries = carries;
    this.untold = [];
    this.isOver = false;
    if (carries) this.begin();
  }

  get unsentCount(): number {
    return this.unsentBytes;
  }

  write(bytes: Uint8Array): void {
    if (this.isOver) return;
    if (this.carries && this.unsent.length === 0) this.stream?.write(bytes.slice());
    else {
      this.unsent.push(bytes.slice());
      this.unsentBytes += bytes.length;
    }
  }

  read(): Uint8Array | undefined {
    return this.carries ? this.stream?.read() : undefined;
  }

  close(): void {
    if (this.isOver) return;
    this.end();
    this.stream?.close();
  }

  /** Whether anything passes from now on. */
  carry(carries: boolean): void {
    if (this.isOver) return;
    this.carries = carries;
    if (!carries) return;
    if (this.stream === undefined) this.begin();
    const { unsent, untold } = this;
    this.unsent = [];
    this.unsentBytes = 0;
    this.untold = [];
    for (const bytes of unsent) this.stream?.write(bytes);
    for (const tell of untold) this.live.enter(tell);
  }

  private begin(): void {
    const { checks, authorities } = this.options;
    const { address, allow, onDropped } = this.live;
    const streams = new LiveStreams({
      host: address,
      allow,
      onDropped,
      trust: { ca: [...this.live.authorities, ...authorities].join("\n"), unverified: checks === "nothing" },
    });
    const { to, serverName, onReady, onReadable } = this.options;
    this.stream = streams.open({
      to,
      serverName,
      onReady: (local, proof) => this.tell(() => onReady(local, proof)),
      onReadable: (count) => this.tell(() => onReadable(count)),
      onFault: (fault) => this.tell(() => this.fail(fault)),
    });
  }

  private tell(news: () => void): void {
    const told = (): void => {
      if (!this.isOver) news();
    };
    if (this.carries) this.live.enter(told);
    else if (this.untold.length < 64) this.untold.push(told);
  }

  private fail(fault: StreamFault): void {
    this.end();
    this.options.onFault(fault);
  }

  private end(): void {
    this.isOver = true;
    this.unsent = [];
    this.untold = [];
    this.onOver();
  }
}
