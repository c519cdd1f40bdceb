/** What a REGISTER says of one binding, and what its answer means (RFC 3261 10.2, 10.2.4, 10.3, 20.19 and 20.23; RFC 5626 4.2.1 and 4.4). */
import type { Contact } from "./contact.ts";
import { contactText, grantedS } from "./contact.ts";
import { hasWord, parseSeconds, tokensOf } from "./header-list.ts";
import type { Header, SipResponse } from "./message.ts";
import { headerOf } from "./message.ts";

export type RegisterOutcome =
  /** Bound for `expiresS` from now on; 0 where it was dropped as asked. */
  | {
      readonly type: "bound";
      readonly expiresS: number;
      /** The registrar keeps this flow: it is to be kept alive, and failing it means a new registration (RFC 5626 4.2.1). */
      readonly isOutbound: boolean;
      /** Longest silence on the flow that the other end suffers; undefined where it does not say (RFC 5626 4.4). */
      readonly flowTimerS: number | undefined;
    }
  /** 423: ask again for at least this long (20.23). */
  | { readonly type: "too-brief"; readonly leastS: number }
  /** Any other final answer, or a 2xx that does not list our binding. */
  | { readonly type: "refused"; readonly status: number };

const outbound = "outbound";

/** The headers of a REGISTER beside those of every request: its Contact, and with a device's name also the extension (RFC 5626 4.2.1). */
export function registerHeaders(own: Contact): readonly Header[] {
  const contact: Header = { name: "Contact", value: contactText(own) };
  return own.instance === undefined ? [contact] : [{ name: "Supported", value: "path, " + outbound }, contact];
}

/** Reads a final answer to a REGISTER for `own`. */
export function registerOutcome(response: SipResponse, own: Contact): RegisterOutcome {
  const status = response.status;
  if (status === 423) {
    const leastS = parseSeconds(headerOf(response, "Min-Expires") ?? "");
    // A limit that is no longer than what was asked for would be asked for again and again.
    if (leastS !== undefined && leastS > (own.expiresS ?? 0)) return { type: "too-brief", leastS };
  }
  if (status < 200 || status > 299) return { type: "refused", status };
  const granted = grantedS(response, own);
  // 10.3: a binding that was dropped is not listed any more.
  const expiresS = granted === undefined && own.expiresS === 0 ? 0 : granted;
  if (expiresS === undefined) return { type: "refused", status };
  const required = tokensOf(response, "Require");
  return {
    type: "bound",
    expiresS,
    isOutbound: required.ok && hasWord(required.value, outbound),
    flowTimerS: parseSeconds(headerOf(response, "Flow-Timer") ?? ""),
  };
}
