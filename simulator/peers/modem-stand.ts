/** A modem's stand-in in a test's hands, with whatever it says, and a network in the test's hands behind it. */
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { BenchBearer } from "./bench-bearer.ts";
import { ModemPeer } from "./modem.ts";

import type { ModemPeerOptions } from "./modem-options.ts";

export class Stand {
  readonly queue = new EventQueue();
  readonly bearer = new BenchBearer();
  readonly peer: ModemPeer;
  private heard = "";

  constructor(options: Partial<ModemPeerOptions> = {}) {
    const clock = new SimClock(this.queue);
    const random = new Stream(3, "stand", 0);
    const host = {
      nowMs: () => clock.nowMs(),
      after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
      below: (n: number) => random.below(n),
    };
    this.peer = new ModemPeer(host, { bearer: this.bearer, searchMs: { least: 0, most: 0 }, ...options }, (bytes) => {
      this.heard += textOf(bytes, 0, bytes.length);
    });
    this.queue.runUntil(10_000);
  }

  /** What it has said since the last call, after `ms`. */
  saidAfter(ms: number): string {
    this.queue.runUntil(this.queue.nowMs + ms);
    const text = this.heard;
    this.heard = "";
    return text;
  }

  ask(line: string): string {
    this.peer.receive(ascii(line));
    return this.saidAfter(10_000);
  }

  /** Echo off, errors as numbers, and a context; nothing of it is left to be heard. */
  openContext(model: string): void {
    this.ask("ATE0\r");
    this.ask("AT+CMEE=1\r");
    for (const line of contextLines(model)) this.ask(line + "\r");
  }
}

function contextLines(model: string): readonly string[] {
  if (model.startsWith("SARA-R5")) return ["AT+UPSDA=0,3"];
  if (model.startsWith("SARA")) return ["AT+CGACT=1,1"];
  return model.startsWith("SIM") || model.startsWith("A76") ? ["AT+CIPRXGET=1", "AT+NETOPEN"] : ["AT+QIACT=1"];
}
