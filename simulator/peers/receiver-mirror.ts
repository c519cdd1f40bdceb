/**
 * A hot standby: what one receiver has taken into its book goes, line by line, to another on a second host, so that a unit
 * which turns to that one in the middle of an alarm meets the same case. Nothing is promised while nobody listens.
 */

import { Buffer } from "node:buffer";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { LiveClock } from "../live/live-clock.ts";
import { isAllowed, ListenError } from "../live/live-sockets.ts";

/** One message that opened, polled, updated or ended something, and what it was told. */
export interface TakenMessage {
  /** The SCAIP request as it came. */
  readonly body: Uint8Array;
  readonly snu: number;
}

/** Lines that wait for a standby that is not there or slow; the oldest goes first. */
export const mirrorLimit = 10_000;
const longestLine = 4_096;
const retryMs = 1_000;

/** The active receiver's side. */
export class MirrorSender {
  private readonly to: Endpoint;
  private readonly waiting: string[];
  private socket: Socket | undefined;
  private ready: boolean;
  private readonly clock: LiveClock;
  private retry: Timer | undefined;
  private closed: boolean;

  constructor(to: Endpoint) {
    this.to = to;
    this.waiting = [];
    this.socket = undefined;
    this.ready = false;
    this.clock = new LiveClock();
    this.retry = undefined;
    this.closed = false;
    this.connect();
  }

  send({ body, snu }: TakenMessage): void {
    if (this.waiting.length >= mirrorLimit) this.waiting.shift();
    this.waiting.push(`${JSON.stringify({ snu, body: Buffer.from(body).toString("base64") })}\n`);
    this.flush();
  }

  close(): void {
    this.closed = true;
    this.retry?.cancel();
    this.socket?.destroy();
  }

  private connect(): void {
    const socket = connect({ host: this.to.host, port: this.to.port });
    this.socket = socket;
    socket.on("connect", () => {
      this.ready = true;
      this.flush();
    });
    socket.on("drain", () => this.flush());
    socket.on("error", () => {});
    socket.on("close", () => {
      this.ready = false;
      if (!this.closed) this.retry = this.clock.after(retryMs, () => this.connect());
    });
    socket.unref();
  }

  private flush(): void {
    while (this.ready && this.socket !== undefined && !this.socket.writableNeedDrain) {
      const line = this.waiting.shift();
      if (line === undefined) return;
      this.socket.write(line);
    }
  }
}

/** The standby's side; `allow` names who may write beyond loopback. Resolves once it listens; rejects where the port cannot be had. */
export function openMirror(
  at: Endpoint,
  onTaken: (message: TakenMessage) => void,
  allow: readonly string[] = [],
): Promise<{ port: number; close: () => void }> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    if (!isAllowed((socket.remoteAddress ?? "").replace(/^::ffff:/, ""), allow)) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    let rest = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const message = messageOf(line);
        if (message === undefined) socket.destroy();
        else onTaken(message);
      }
      if (rest.length > longestLine) socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new ListenError(at, error.code ?? error.message, "tcp")),
    );
    server.listen(at.port, at.host, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : at.port;
      resolve({
        port,
        close: () => {
          server.close();
          for (const socket of open) socket.destroy();
        },
      });
    });
  });
}

/** Undefined for a line that no receiver of ours has written. */
function messageOf(line: string): TakenMessage | undefined {
  if (line.length > longestLine) return undefined;
  try {
    const { snu, body } = JSON.parse(line) as { snu?: unknown; body?: unknown };
    if (typeof snu !== "number" || typeof body !== "string") return undefined;
    return { snu, body: new Uint8Array(Buffer.from(body, "base64")) };
  } catch {
    return undefined;
  }
}
