/** A receiver's registrar (RFC 3261 10.3, RFC 5626 6): where each unit was last heard to be, so that an `mrs` finds it over the flow that it named newest. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { type Contact, contactsOf, contactText } from "../../protocol/sip/contact.ts";
import { parseSeconds } from "../../protocol/sip/header-list.ts";
import { type Header, headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

/** The way back to a unit: what a NAT has opened for the REGISTER carries the rest too. */
export interface Flow {
  readonly to: Endpoint;
  readonly transport: ReceiverTransport;
}

export interface Registration {
  readonly status: number;
  readonly headers: readonly Header[];
  /** Undefined where all is well. */
  readonly why: string | undefined;
}

interface Binding {
  readonly contact: Contact;
  readonly callId: string;
  readonly cseq: number;
  readonly untilMs: number;
  readonly flow: Flow;
}

const shortestS = 60;
const longestS = 3_600;
/** A unit has two routes; beyond these the oldest binding goes. */
const bindingLimit = 4;

export class ReceiverRegistrar {
  private readonly limit: number;
  /** By user of the address of record, each list by age, the newest last; the users by age too. */
  private readonly users: Map<string, readonly Binding[]>;

  /** At most `limit` users, the one longest silent going first. */
  constructor(limit: number) {
    this.limit = limit;
    this.users = new Map();
  }

  /** Takes a REGISTER of `user` that may pass. */
  take(request: SipRequest, user: string, flow: Flow, nowMs: number): Registration {
    const known = this.bindingsOf(user, nowMs);
    if (headerOf(request, "Contact")?.trim() === "*") {
      this.keep(user, []);
      return answer(200, [], undefined);
    }
    const contacts = contactsOf(request);
    if (!contacts.ok) return answer(400, [], "Contact cannot be read");
    let bindings = known;
    for (const contact of contacts.value) {
      const wantedS = contact.expiresS ?? parseSeconds(headerOf(request, "Expires") ?? "") ?? longestS;
      if (wantedS > 0 && wantedS < shortestS)
        return answer(423, [{ name: "Min-Expires", value: String(shortestS) }], `only ${wantedS} s are asked for`);
      const former = bindings.find((binding) => isSame(binding.contact, contact));
      if (former?.callId === request.callId && former.cseq >= request.cseq)
        return answer(500, [], "an older REGISTER came late");
      bindings = bindings.filter((binding) => binding !== former);
      const untilMs = nowMs + Math.min(wantedS, longestS) * 1000;
      const { callId, cseq } = request;
      if (wantedS > 0) bindings = [...bindings, { contact, callId, cseq, untilMs, flow }].slice(-bindingLimit);
    }
    this.keep(user, bindings);
    return answer(
      200,
      bindings.map((binding) => listed(binding, nowMs)),
      undefined,
    );
  }

  /** Where that user said last that it is; undefined for one that does not register. */
  flowOf(user: string, nowMs: number): Flow | undefined {
    return this.bindingsOf(user, nowMs).at(-1)?.flow;
  }

  private bindingsOf(user: string, nowMs: number): readonly Binding[] {
    return (this.users.get(user) ?? []).filter(({ untilMs }) => untilMs > nowMs);
  }

  private keep(user: string, bindings: readonly Binding[]): void {
    this.users.delete(user);
    if (bindings.length > 0) this.users.set(user, bindings);
    const [oldest] = this.users.keys();
    if (this.users.size > this.limit && oldest !== undefined) this.users.delete(oldest);
  }
}

function answer(status: number, headers: readonly Header[], why: string | undefined): Registration {
  return { status, headers, why };
}

function listed({ contact, untilMs }: Binding, nowMs: number): Header {
  return { name: "Contact", value: contactText({ ...contact, expiresS: Math.ceil((untilMs - nowMs) / 1000) }) };
}

/** One device has one binding for each of its flows (RFC 5626 6); without its name the address tells them apart. */
function isSame(one: Contact, other: Contact): boolean {
  if (one.instance === undefined || other.instance === undefined) return one.uri === other.uri;
  return one.instance === other.instance && one.regId === other.regId;
}
