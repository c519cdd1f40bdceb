/** Datagrams that wait for the line. One to a name waits until its address is known; others go first meanwhile. */
import { newPiece } from "../../protocol/bytes/sheet.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { SocketOwner } from "./numbered-user.ts";
import { isAddress, isName } from "./numbered-user.ts";

export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
  /** What was handed over, and to whom, by which it is known again. */
  readonly origin: Uint8Array;
  readonly wanted: Endpoint;
}

const limit = 8;

export class ModemOutbox {
  /** Datagrams that will never be sent: no room, too long, or to nobody. */
  droppedCount: number;
  private readonly waiting: Outgoing[];

  constructor() {
    this.droppedCount = 0;
    this.waiting = [];
  }

  /** Whether there is something new to send; `longest` in bytes. A repetition of what still waits would say nothing more. */
  add(bytes: Uint8Array, to: Endpoint, longest: number): boolean {
    const isHost = isAddress(to.host) || isName(to.host);
    if (this.isWaiting(bytes, to)) return false;
    if (this.waiting.length >= limit || bytes.length > longest || !isHost) {
      this.droppedCount++;
      return false;
    }
    const copy = newPiece(bytes.length);
    copy.set(bytes);
    this.waiting.push({ bytes: copy, to, origin: bytes, wanted: to });
    return true;
  }

  /** The first that can be sent, to its address, moved to the front; a name without an address costs the datagram. */
  first(owner: SocketOwner): Outgoing | undefined {
    for (let i = 0; i < this.waiting.length; i++) {
      const out = this.waiting[i] as Outgoing;
      const host = owner.addressOf(out.to.host);
      if (host === undefined) continue;
      if (i === 0 && host === out.to.host) return out;
      this.waiting.splice(i, 1);
      if (host !== "") {
        const ready = host === out.to.host ? out : Object.assign({}, out, { to: { host, port: out.to.port } });
        this.waiting.unshift(ready);
        return ready;
      }
      this.droppedCount++;
      i--;
    }
    return undefined;
  }

  /** What `first` answered is on the line. */
  take(): Outgoing | undefined {
    return this.waiting.shift();
  }

  /** What waits of it will not be sent. */
  recall(origin: Uint8Array): void {
    for (let i = this.waiting.length - 1; i >= 0; i--)
      if ((this.waiting[i] as Outgoing).origin === origin) this.waiting.splice(i, 1);
  }

  clear(): void {
    while (this.waiting.length > 0) this.waiting.pop();
  }

  private isWaiting(bytes: Uint8Array, to: Endpoint): boolean {
    for (const out of this.waiting)
      if (out.wanted.host === to.host && out.wanted.port === to.port && isSame(out.bytes, bytes)) return true;
    return false;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
