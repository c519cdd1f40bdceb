/** Requests that come in over one route: each is answered, and a receiver's MESSAGE is reported once (RFC 3261 8.2 and 17.2.2, RFC 3428 7). */
import type { SipRequest, Via } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { type Abilities, answerEndpoint, answerTo, judge } from "./answering.ts";
import type { Peer } from "./receiver-address.ts";
import type { Sources } from "./sources.ts";

/** Incoming MESSAGEs that are remembered, so that a copy is reported once. */
export const recentLimit = 16;
/** Longest answer, so that it needs no fragments: what a socket takes. */
export const answerByteLimit = 1460;

/** What became of a request. */
export type Outcome =
  /** A SCAIP message for us, from this receiver; answered 200. */
  | { readonly type: "message"; readonly receiver: number }
  /** The same once more: answered again. */
  | { readonly type: "copy" }
  /** A MESSAGE from an address that no receiver may use; answered 403. */
  | { readonly type: "foreign" }
  /** Answered, and nothing to report. */
  | { readonly type: "answered" }
  /** Not answered: an ACK, or one whose answer would be too long. */
  | { readonly type: "unanswered" };

/** What a MESSAGE and its copies have in common. */
interface Recent {
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
}

export class Incoming {
  private readonly user: string;
  /** The tag of all our answers; none of them opens a dialog. */
  private readonly tag: string;
  private readonly sources: Sources;
  private readonly send: (bytes: Uint8Array, to: Peer) => void;
  private readonly recent: Recent[];

  /** `user` is the part before the @ that a request must name. */
  constructor(user: string, tag: string, sources: Sources, send: (bytes: Uint8Array, to: Peer) => void) {
    this.user = user;
    this.tag = tag;
    this.sources = sources;
    this.send = send;
    this.recent = [];
  }

  /** Answers at once, and the same way to each copy; `abilities` are what the unit takes just now. */
  hear(request: SipRequest, from: Peer, abilities: Abilities): Outcome {
    if (request.method === "ACK") return { type: "unanswered" }; // 17.2.1: nothing answers an ACK
    const receiver = this.sources.find(request.from.uri, from.host);
    const verdict = judge(request, this.user, receiver >= 0, abilities);
    const bytes = encodeSip(answerTo(request, verdict, this.tag, from));
    if (bytes.length > answerByteLimit) return { type: "unanswered" };
    this.send(bytes, answerEndpoint(request, from));
    if (verdict.status === 403) return { type: "foreign" };
    if (request.method !== "MESSAGE" || verdict.status !== 200) return { type: "answered" };
    const branch = (request.via[0] as Via).branch;
    if (this.isKnown(request, branch)) return { type: "copy" };
    this.recent.push({ callId: request.callId, cseq: request.cseq, branch });
    if (this.recent.length > recentLimit) this.recent.shift();
    return { type: "message", receiver };
  }

  private isKnown(request: SipRequest, branch: string): boolean {
    for (const known of this.recent)
      if (known.branch === branch && known.cseq === request.cseq && known.callId === request.callId) return true;
    return false;
  }
}
