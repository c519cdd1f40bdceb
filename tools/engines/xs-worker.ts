/**
 * XS as a process of its own: the worker of the package in `tools/engines/xs`, driven without that package's own interface.
 * It reads netstrings (D. J. Bernstein, 1997) from descriptor 3 and writes them to 4: "e" evaluates a text, "?" hands bytes
 * to the global handleCommand; the answer is "." with figures and a result, or "!" with what was thrown.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const worker = fileURLToPath(
  new URL(
    `xs/node_modules/@agoric/xsnap/xsnap-native/xsnap/build/bin/${process.platform === "darwin" ? "mac" : "lin"}/release/xsnap-worker`,
    import.meta.url,
  ),
);

export interface XsReply {
  readonly computrons: number;
  /** Taken slots: what is alive, and what was not collected yet. */
  readonly slots: number;
  readonly result: Buffer;
}

/** Whether the worker was compiled here. */
export function xsIsHere(): boolean {
  return existsSync(worker);
}

interface Asked {
  readonly settle: (reply: XsReply) => void;
  readonly fail: (error: Error) => void;
}

export class XsWorker {
  private readonly process: ChildProcess;
  private readonly to: Writable;
  private readonly asked: Asked[];
  private waiting: Buffer;

  constructor() {
    this.process = spawn(worker, [], { stdio: ["ignore", "inherit", "inherit", "pipe", "pipe"] });
    this.to = this.process.stdio[3] as Writable;
    this.asked = [];
    this.waiting = Buffer.alloc(0);
    (this.process.stdio[4] as Readable).on("data", (piece: Buffer) => this.hear(piece));
    this.to.on("error", () => {});
    this.process.on("exit", (code) => this.end(code));
  }

  evaluate(script: string): Promise<XsReply> {
    return this.ask("e", script);
  }

  command(text: string): Promise<XsReply> {
    return this.ask("?", text);
  }

  async close(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.to.end(netstring(Buffer.from("q")));
    await gone;
  }

  private ask(kind: "e" | "?", text: string): Promise<XsReply> {
    return new Promise((settle, fail) => {
      this.asked.push({ settle, fail });
      this.to.write(netstring(Buffer.from(kind + text)));
    });
  }

  private hear(piece: Buffer): void {
    this.waiting = this.waiting.length === 0 ? piece : Buffer.concat([this.waiting, piece]);
    for (;;) {
      const colon = this.waiting.indexOf(":");
      if (colon < 0) return;
      const length = Number(this.waiting.toString("latin1", 0, colon));
      const end = colon + 1 + length;
      if (this.waiting.length < end + 1) return;
      const body = this.waiting.subarray(colon + 1, end);
      this.waiting = this.waiting.subarray(end + 1);
      this.settle(body);
    }
  }

  private settle(body: Buffer): void {
    const asked = this.asked.shift();
    if (body[0] === answered) {
      const border = body.indexOf(1);
      const figures = JSON.parse(body.toString("latin1", 1, border)) as { compute: number; currentHeapCount: number };
      const result = body.subarray(border + 1);
      asked?.settle({ computrons: figures.compute, slots: figures.currentHeapCount, result });
    } else asked?.fail(new Error(`xs: ${body.toString("utf8", 1)}`));
  }

  private end(code: number | null): void {
    for (const asked of this.asked.splice(0)) asked.fail(new Error(`xs: the engine ended with ${code}`));
  }
}

const answered = ".".charCodeAt(0);

function netstring(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(",")]);
}
