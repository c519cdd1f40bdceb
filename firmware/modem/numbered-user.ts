/** What sockets and connections of a modem have in common: a number that the modem knows them by, and an owner. */
import type { LineUser } from "./line-user.ts";

/** Characters (RFC 1035 2.3.4). */
const nameLimit = 253;

/** A user of the line that the modem knows by a number. */
export interface NumberedUser extends LineUser {
  /** Its place among the unit's sockets. */
  readonly id: number;
  /** Below 0 while the modem has none for it. */
  readonly number: number;
  readonly at: string;
  /** The modem has chosen this number; where the user's job on the line has opened nothing, nothing happens. */
  takeNumber(number: number): void;
  /** Another has this number now. */
  forgetNumber(number: number): void;
  /** Ordered from outside: whatever state it is in, it is closed, and opened anew where that is its own task. */
  reopen(): void;
}

/** What a socket asks of the modem it belongs to. */
export interface SocketOwner {
  /** A number may be open that nobody knows: whoever makes the next socket closes all that are nobody's first. */
  sweepDue: boolean;
  /** `next` may have a new answer. */
  wake(): void;
  /** The modem has refused to open it, or too much that it asked for. */
  doubt(): void;
  /** Whether one of the unit's sockets is known to the modem by this number. */
  isHeld(number: number): boolean;
  /** The address of a name; "" where it has none, undefined while it is being asked for. */
  addressOf(name: string): string | undefined;
}

/** Whether a host is a name of the Internet (RFC 1123 2.1): a quote would end the command's own. */
export function isName(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    const digit = code >= 48 && code <= 57;
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!digit && !letter && code !== 45 && code !== 46 && code !== 95) return false;
  }
  return host.length > 0 && host.length <= nameLimit;
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
