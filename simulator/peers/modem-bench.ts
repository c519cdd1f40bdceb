/** One modem driver and the modem's stand-in on a line in virtual time, for tests of the two together. */
import { Modem } from "../../firmware/modem/modem.ts";
import type { ModemReport } from "../../firmware/modem/modem-state.ts";
import type { Datagram, Endpoint } from "../../firmware/ports/socket.ts";
import { textOf } from "../../protocol/text/utf8.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { Wire } from "../wire.ts";
import { BenchBearer } from "./bench-bearer.ts";
import { ModemPeer } from "./modem.ts";
import type { ModemPeerOptions } from "./modem-options.ts";

export const far: Endpoint = { host: "192.0.2.9", port: 5060 };
export interface BenchOptions {
  seed?: number;
  pin?: string;
  peer?: Partial<ModemPeerOptions>;
  pieceLimit?: number;
  delayMs?: { least: number; most: number };
  canPower?: boolean;
}

export class ModemBench {
  readonly queue = new EventQueue();
  readonly bearer: BenchBearer = new BenchBearer();
  readonly reports: ModemReport[] = [];
  readonly times: number[] = [];
  readonly talk: string[] = [];
  readonly heard: Datagram[] = [];
  readonly faults: string[] = [];
  local: Endpoint | undefined;
  peer: ModemPeer;
  modem: Modem;
  wire: Wire;
  socket: ReturnType<Modem["openDatagram"]>;

  constructor(options: BenchOptions = {}) {
    const random = new Stream(options.seed ?? 1, "modem", 0);
    const clock = new SimClock(this.queue);
    this.bearer.later = (run) => void clock.after(50, run);
    this.wire = new Wire(
      {
        clock,
        random,
        ...(options.pieceLimit === undefined ? {} : { pieceLimit: options.pieceLimit }),
        ...(options.delayMs === undefined ? {} : { delayMs: options.delayMs }),
        onBytes: (direction, bytes) =>
          this.talk.push((direction === "to-peer" ? "> " : "< ") + textOf(bytes, 0, bytes.length)),
      },
      (bytes) => this.peer.receive(bytes),
    );
    const host = {
      nowMs: () => clock.nowMs(),
      after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
      below: (n: number) => random.below(n),
    };
    this.peer = new ModemPeer(host, { bearer: this.bearer, ...options.peer }, (bytes) => this.wire.write(bytes));
    this.modem = new Modem({
      openLine: this.wire.openDevice,
      clock,
      settings: { apn: "online.example", user: "", password: "", pin: options.pin ?? "" },
      onChange: (report) => this.reports.push(report),
      onTime: (wallMs) => this.times.push(wallMs),
      observe: undefined,
      ...(options.canPower ? { setPower: (on: boolean) => this.peer.power(on) } : {}),
    });
    this.socket = this.modem.openDatagram({
      localPort: 5060,
      onReady: (local) => {
        this.local = local;
      },
      onReadable: () => {
        for (let next = this.socket.read(); next !== undefined; next = this.socket.read()) this.heard.push(next);
      },
      onFault: (fault) => {
        this.local = undefined;
        this.faults.push(fault);
      },
    });
  }

  runFor(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }

  /** Runs until the socket can be used; answers how long that took. */
  runUntilReady(limitMs: number): number {
    const from = this.queue.nowMs;
    while (this.local === undefined && this.queue.nowMs - from < limitMs) this.runFor(100);
    if (this.local === undefined)
      throw new Error("not ready: " + JSON.stringify(this.modem.report) + this.talk.slice(-12));
    return this.queue.nowMs - from;
  }

  /** Runs until a fresh datagram has gone each way; answers how long that took. Throws beyond the limit. */
  runUntilCarrying(limitMs: number): number {
    const from = this.queue.nowMs;
    let turn = 0;
    while (this.queue.nowMs - from < limitMs) {
      const probe = new Uint8Array([turn % 256, 1, 2, 3, 4, turn]);
      const sent = this.bearer.sent.length;
      const heard = this.heard.length;
      this.socket.send(probe, far);
      this.bearer.receive?.(probe, far, 5060);
      this.runFor(2_000);
      turn++;
      const carried = this.bearer.sent.slice(sent).some((one) => isSame(one.bytes, probe));
      if (carried && this.heard.slice(heard).some((one) => isSame(one.bytes, probe))) return this.queue.nowMs - from;
    }
    throw new Error("carries nothing: " + JSON.stringify(this.modem.report) + "\n" + this.talk.slice(-20).join("\n"));
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
