/** What calls need of the route that carries them: where a request goes, under whose credentials, and who may call (RFC 3261 8.1.2 and 18; RFC 3263 4 is the route's own affair). */
import type { SipMessage } from "../../protocol/sip/message.ts";
import { sameText } from "../../protocol/sip/scan.ts";
import type { SipUri } from "../../protocol/sip/uri.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { Endpoint } from "../ports/socket.ts";
import { sameHost } from "./answering.ts";
import type { Authorization } from "./authorization.ts";
import type { Peer, ReceiverAddress, Transport } from "./receiver-address.ts";
import { isAddress, type Sources } from "./sources.ts";

/** One next hop. */
export interface Hop {
  readonly to: Endpoint;
  readonly transport: Transport;
  /** Whose credentials it asks for; -1 where nobody's are known. */
  readonly receiver: number;
}

/** Who takes the messages of calls that come in over a route. */
export interface CallUser {
  /**
   * Takes INVITE, ACK, BYE, CANCEL, INFO, PRACK and UPDATE, OPTIONS within a call, and answers to its own requests; `from`
   * is where it came from. Keeps nothing of `message`. False where it is not a call's.
   */
  hear(message: SipMessage, from: Peer): boolean;
}

/** A route as a telephone sees it. */
export interface CallRoute {
  /** The unit's address of record, `sip:user@domain`. */
  readonly aor: string;
  /** Whether anything can be sent now. */
  readonly usable: boolean;
  /** The route's own address towards a hop, for Via and Contact. */
  local(to: Endpoint, transport: Transport): Endpoint;
  /** From now on `user` hears the messages of calls; undefined: nobody, and an INVITE is answered 405. */
  attach(user: CallUser | undefined): void;
  /**
   * Where a request goes whose next address is `uri` (the first Route, else the Request-URI); undefined where it is no
   * SIP address or its receiver cannot be reached now. `last` is the hop that the call has taken so far.
   */
  hop(uri: string, last: Hop | undefined): Hop | undefined;
  /** Nothing is promised. At most 1,460 bytes over UDP. The bytes must not change. */
  send(bytes: Uint8Array, to: Endpoint, transport: Transport): void;
  /** The credentials for that receiver, shared with its messages, so that nonces are kept; undefined for -1. */
  authorization(receiver: number): Authorization | undefined;
  /** The receiver that may speak from `host` (its From is `uri`), or -1. */
  receiverAt(uri: string, host: string): number;
  /** Whether `uri` leads to a receiver: its domain, or a host that it may speak from. */
  isReceivers(uri: string): boolean;
}

/** What a message agent has, and a call route is made of. */
export interface CallRouteParts {
  readonly aor: string;
  readonly receivers: readonly ReceiverAddress[];
  readonly sources: Sources;
  /** By receiver. */
  readonly authorizations: readonly Authorization[];
  readonly local: (to: Endpoint, transport: Transport) => Endpoint;
  readonly usable: () => boolean;
  /** Where a receiver is now, such as the address behind its name; undefined while that is not known. Absent: as configured. */
  readonly reach?: (receiver: number) => Endpoint | undefined;
  /** Over the connection to the receiver at that endpoint, or over UDP. */
  readonly send: (bytes: Uint8Array, to: Endpoint, transport: Transport) => void;
}

const defaultPort = 5060;
const defaultTlsPort = 5061;

/** The call route of a message agent: its receivers are the only servers it knows. */
export class ReceiverRoute implements CallRoute {
  readonly aor: string;
  private readonly parts: CallRouteParts;
  private user: CallUser | undefined;

  constructor(parts: CallRouteParts) {
    this.aor = parts.aor;
    this.parts = parts;
    this.user = undefined;
  }

  get usable(): boolean {
    return this.parts.usable();
  }

  local(to: Endpoint, transport: Transport): Endpoint {
    return this.parts.local(to, transport);
  }

  attach(user: CallUser | undefined): void {
    this.user = user;
  }

  /** Whether anybody hears the messages of calls. */
  get isTaken(): boolean {
    return this.user !== undefined;
  }

  /** For the agent: true where the message was a call's. */
  hear(message: SipMessage, from: Peer): boolean {
    return this.user !== undefined && this.user.hear(message, from);
  }

  /**
   * A receiver's own account, domain or address goes to that receiver, with its transport; any other IP address directly
   * over UDP; any other name through the first receiver, as outbound proxy. Where a connection is asked for that is not
   * there, the call stays on the hop that it has taken.
   */
  hop(uri: string, last: Hop | undefined): Hop | undefined {
    const parsed = parseUri(uri);
    if (!parsed.ok) return undefined;
    const target = parsed.value;
    const receiver = this.receiverOf(target);
    if (receiver >= 0) return this.toReceiver(receiver);
    if (!isAddress(target.host)) return last ?? this.toReceiver(0);
    if (last !== undefined && wantsConnection(target)) return last;
    return { to: { host: target.host, port: target.port ?? defaultPort }, transport: "udp", receiver: -1 };
  }

  send(bytes: Uint8Array, to: Endpoint, transport: Transport): void {
    this.parts.send(bytes, to, transport);
  }

  authorization(receiver: number): Authorization | undefined {
    return this.parts.authorizations[receiver];
  }

  receiverAt(uri: string, host: string): number {
    return this.parts.sources.find(uri, host);
  }

  isReceivers(uri: string): boolean {
    const parsed = parseUri(uri);
    if (!parsed.ok) return false;
    return this.receiverOf(parsed.value) >= 0 || this.receiverAt(uri, parsed.value.host) >= 0;
  }

  /** The receiver with that account, else the first one of that domain or at that very address; -1 where there is none. */
  private receiverOf(target: SipUri): number {
    const receivers = this.parts.receivers;
    let found = -1;
    for (let i = 0; i < receivers.length; i++) {
      const receiver = receivers[i] as ReceiverAddress;
      const own = parseUri(receiver.uri);
      if (own.ok && sameText(own.value.host, target.host) && !isElsewhere(target, receiver)) {
        if (own.value.user === target.user) return i;
        if (found < 0) found = i;
      } else if (found < 0 && isAt(target, receiver)) found = i;
    }
    return found;
  }

  private toReceiver(index: number): Hop | undefined {
    const receiver = this.parts.receivers[index];
    if (receiver === undefined) return undefined;
    const reach = this.parts.reach;
    const to = reach === undefined ? { host: receiver.host, port: portOf(receiver) } : reach(index);
    return to === undefined ? undefined : { to, transport: receiver.transport ?? "udp", receiver: index };
  }
}

/** The receiver's domain is an IP address, and `target` names another port there. */
function isElsewhere(target: SipUri, receiver: ReceiverAddress): boolean {
  return isAddress(target.host) && target.port !== undefined && target.port !== portOf(receiver);
}

function isAt(target: SipUri, receiver: ReceiverAddress): boolean {
  if ((target.port ?? defaultPort) !== portOf(receiver)) return false;
  return sameHost(target.host, receiver.host) || sameText(target.host, receiver.address ?? "");
}

/** A receiver's port, also where its transport's usual one is meant (0). */
export function portOf(receiver: ReceiverAddress): number {
  if (receiver.port !== 0) return receiver.port;
  return receiver.transport === "tls" ? defaultTlsPort : defaultPort;
}

function wantsConnection(target: SipUri): boolean {
  if (target.scheme === "sips") return true;
  for (const param of target.params) if (sameText(param.name, "transport")) return !sameText(param.value ?? "", "udp");
  return false;
}
