/** What a socket of a modem does on the line, and what it is handed to send: for `modem-socket.ts`. */
import type { Endpoint } from "../ports/socket.ts";

/** `look` asks how much waits, where a modem refuses to read from an empty socket. */
export type JobKind = "close" | "open" | "send" | "look" | "read";

export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
}

/** What a socket asks of the modem it belongs to. */
export interface SocketOwner {
  /** `next` may have a new answer. */
  wake(): void;
  /** The modem has refused to open it, or too much that it asked for. */
  doubt(): void;
  /** Whether one of the unit's sockets is known to the modem by this number. */
  isHeld(number: number): boolean;
}

/** Whether a host is a plain address: modems send to nothing else, and a quote would end the command's own. */
export function isAddress(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    const digit = code >= 48 && code <= 58;
    const letter = (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
    if (!digit && !letter && code !== 46) return false;
  }
  return host.length > 0;
}
