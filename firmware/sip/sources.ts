/** Which addresses a receiver's requests may come from: without TLS nothing else tells a receiver from a stranger. */
import { sameText } from "../../protocol/sip/scan.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import { sameHost } from "./answering.ts";

/** What is needed to know a receiver by. */
export interface KnownReceiver {
  readonly uri: string;
  readonly host: string;
  /** The address behind a name in `host`. */
  readonly address?: string | undefined;
  readonly answerFrom: readonly string[];
}

/** Addresses kept for a receiver that is configured by name; the oldest gives way. */
export const provenLimit = 4;

export class Sources {
  private readonly receivers: readonly KnownReceiver[];
  /** By receiver: where its own answers came from, newest last. Empty for a receiver that is configured by address. */
  private readonly proven: string[][];
  /** By receiver: the URI that was last compared with its own, and whether it names the same. */
  private readonly compared: string[];
  private readonly isSame: boolean[];

  constructor(receivers: readonly KnownReceiver[]) {
    this.receivers = receivers;
    this.proven = [];
    this.compared = [];
    this.isSame = [];
    for (const receiver of receivers) {
      this.proven.push([]);
      this.compared.push(receiver.uri);
      this.isSame.push(true);
    }
  }

  /**
   * An answer to a request of ours came from `host`. Where the receiver is configured by a name this tells an address
   * that the name resolves to, as only who got the request knows its branch.
   */
  learn(receiver: number, host: string): void {
    const known = this.receivers[receiver] as KnownReceiver;
    if (isAddress(known.host) || this.allows(receiver, host)) return;
    const proven = this.proven[receiver] as string[];
    proven.push(host);
    if (proven.length > provenLimit) proven.shift();
  }

  /** Whether the receiver may speak from `host`, whatever the port. */
  allows(receiver: number, host: string): boolean {
    const known = this.receivers[receiver] as KnownReceiver;
    if (sameHost(known.host, host)) return true;
    if (known.address !== undefined && sameHost(known.address, host)) return true;
    for (const allowed of known.answerFrom) if (sameHost(allowed, host)) return true;
    for (const address of this.proven[receiver] as string[]) if (sameHost(address, host)) return true;
    return false;
  }

  /** The receiver that speaks from `host`, or -1; of several at one address the one that `uri` (From) names, else the first. */
  find(uri: string, host: string): number {
    let found = -1;
    for (let i = 0; i < this.receivers.length; i++) {
      if (!this.allows(i, host)) continue;
      if (this.isAccount(i, uri)) return i;
      if (found < 0) found = i;
    }
    return found;
  }

  private isAccount(receiver: number, uri: string): boolean {
    if (this.compared[receiver] !== uri) {
      this.isSame[receiver] = sameAccount((this.receivers[receiver] as KnownReceiver).uri, uri);
      this.compared[receiver] = uri;
    }
    return this.isSame[receiver] as boolean;
  }
}

/** Whether a host is an IPv4 or IPv6 address and no name: a name's last part starts with a letter (RFC 3261 25.1). */
export function isAddress(host: string): boolean {
  if (host.indexOf(":") >= 0) return true;
  const first = host.charCodeAt(host.lastIndexOf(".") + 1);
  return first >= 0x30 && first <= 0x39;
}

function sameAccount(one: string, other: string): boolean {
  if (one === other) return true;
  const left = parseUri(one);
  const right = parseUri(other);
  if (!left.ok || !right.ok) return false;
  return left.value.user === right.value.user && sameText(left.value.host, right.value.host);
}
