/** Whoever uses a connection of a modem in tests: opens it anew whenever it was lost, as SIP does, and keeps what it heard. */
import type { PeerProof, Stream } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { BenchStream } from "./bench-bearer.ts";
import { far, type ModemBench } from "./modem-bench.ts";

const againMs = 2_000;

export class StreamUser {
  readonly faults: StreamFault[] = [];
  readonly proofs: PeerProof[] = [];
  /** Everything heard over the present connection. */
  heard: number[] = [];
  isReady = false;
  private readonly bench: ModemBench;
  private readonly serverName: string | undefined;
  private stream: Stream | undefined;
  private dueMs = 0;

  constructor(bench: ModemBench, serverName?: string) {
    this.bench = bench;
    this.serverName = serverName;
  }

  /** The network's end of the connection that was begun last. */
  get farEnd(): BenchStream | undefined {
    const { streams } = this.bench.bearer;
    return streams[streams.length - 1];
  }

  open(): void {
    this.heard = [];
    this.stream = this.bench.modem.openStream({
      to: far,
      serverName: this.serverName,
      onReady: (_local, proof) => {
        this.isReady = true;
        this.proofs.push(proof);
      },
      onReadable: () => {
        for (let bytes = this.stream?.read(); bytes !== undefined; bytes = this.stream?.read())
          this.heard.push(...bytes);
      },
      onFault: (fault) => {
        this.faults.push(fault);
        this.isReady = false;
        this.stream = undefined;
        this.dueMs = this.bench.queue.nowMs + againMs;
      },
    });
  }

  write(bytes: Uint8Array): void {
    this.stream?.write(bytes);
  }

  close(): void {
    this.stream?.close();
    this.stream = undefined;
    this.isReady = false;
  }

  /** Opens it where it is due, and gives it `ms`. */
  runFor(ms: number): void {
    if (this.stream === undefined && this.bench.queue.nowMs >= this.dueMs) this.open();
    this.bench.runFor(ms);
  }

  /** Runs until fresh bytes have gone each way over one connection; answers how long that took. Throws beyond the limit. */
  runUntilStreaming(limitMs: number): number {
    const { queue } = this.bench;
    const from = queue.nowMs;
    for (let turn = 0; queue.nowMs - from < limitMs; turn++) {
      // Whoever hears nothing sensible any more ends the connection: SIP's framing is lost with one byte.
      if (turn % 8 === 7) this.close();
      if (this.exchange(turn)) return queue.nowMs - from;
    }
    const { report } = this.bench.modem;
    throw new Error("streams nothing: " + JSON.stringify(report) + "\n" + this.bench.talk.slice(-20).join("\n"));
  }

  private exchange(turn: number): boolean {
    const probe = new Uint8Array([turn % 256, 9, 8, 7, 6, turn % 256]);
    const farEnd = this.farEnd;
    const written = farEnd?.written.length ?? 0;
    const heard = this.heard.length;
    if (this.isReady) {
      this.write(probe);
      farEnd?.arrive(probe);
    }
    this.runFor(2_000);
    const sent = (farEnd?.written ?? []).slice(written).flatMap((bytes) => [...bytes]);
    return this.isReady && holds(sent, probe) && holds(this.heard.slice(heard), probe);
  }
}

function holds(all: readonly number[], part: Uint8Array): boolean {
  return all.join(",").includes(part.join(","));
}
