/** Contact: where a user can be reached, for how long, and over which flow (RFC 3261 10.2, 10.3 and 20.10; RFC 5626 4.1 and 4.2). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { listOf, parseSeconds } from "./header-list.ts";
import { addressText } from "./header-text.ts";
import type { SipMessage } from "./message.ts";
import { headerOf } from "./message.ts";
import { readNameAddress } from "./name-address.ts";
import type { Param } from "./scan.ts";
import { decimal, quoted, quotedEnd, sameText, unquoted } from "./scan.ts";
import { sameUri } from "./uri-compare.ts";

/** One place. `*`, which drops the bindings of all other devices too, has no value here: a unit drops its own. */
export interface Contact {
  readonly display: string | undefined;
  readonly uri: string;
  /** Seconds that the binding lasts, 0 drops it; undefined leaves it to Expires. */
  readonly expiresS: number | undefined;
  /** `+sip.instance`: which device, such as "urn:uuid:...", without quotes and brackets (RFC 5626 4.1). */
  readonly instance: string | undefined;
  /** Which of the device's flows: 1 to 2^31 - 1 (RFC 5626 4.2). */
  readonly regId: number | undefined;
  /** All others, in order. */
  readonly params: readonly Param[];
}

const regIdLimit = 0x7fffffff;
/** What a lifetime that is missing or cannot be read stands for (10.2.1.1 and 10.3). */
export const usualExpiresS = 3600;

/** All Contacts of a message, in order; empty where there is none. */
export function contactsOf(message: SipMessage): Result<readonly Contact[]> {
  const items = listOf(message, "Contact");
  if (!items.ok) return items;
  const contacts: Contact[] = [];
  for (const item of items.value) {
    const contact = parseContact(item);
    if (contact === undefined) return bad({ kind: "malformed", at: 0, what: "Contact" });
    contacts.push(contact);
  }
  return ok(contacts);
}

/** Reads one Contact; undefined where it is malformed or a parameter that may stand once is there twice. */
export function parseContact(text: string): Contact | undefined {
  const address = readNameAddress(text);
  if (address === undefined) return undefined;
  let expiresS: number | undefined;
  let instance: string | undefined;
  let regId: number | undefined;
  const params: Param[] = [];
  if (address.tag !== undefined) params.push({ name: "tag", value: address.tag });
  for (const param of address.params) {
    const name = param.name.toLowerCase();
    if (name === "expires") {
      if (expiresS !== undefined) return undefined;
      expiresS = parseSeconds(param.value ?? "") ?? usualExpiresS;
    } else if (name === "+sip.instance") {
      if (instance !== undefined) return undefined;
      instance = instanceName(param.value ?? "");
      if (instance === undefined) return undefined;
    } else if (name === "reg-id") {
      const value = param.value ?? "";
      if (regId !== undefined) return undefined;
      regId = decimal(value, 0, value.length, regIdLimit);
      if (regId < 1) return undefined;
    } else params.push(param);
  }
  return { display: address.display, uri: address.uri, expiresS, instance, regId, params };
}

/** The Contact as it is written. */
export function contactText(contact: Contact): string {
  let text = addressText(contact.display, contact.uri, contact.params);
  if (contact.instance !== undefined) text += ";+sip.instance=" + quoted("<" + contact.instance + ">");
  if (contact.regId !== undefined) text += ";reg-id=" + contact.regId;
  return contact.expiresS === undefined ? text : text + ";expires=" + contact.expiresS;
}

/**
 * How many seconds a registrar's 200 grants to `own`; undefined where our binding is not among those it lists (10.2.4).
 * Bindings with an instance are told apart by it and the flow (RFC 5626 5.2), others by their URI.
 */
export function grantedS(response: SipMessage, own: Contact): number | undefined {
  const contacts = contactsOf(response);
  if (!contacts.ok) return undefined;
  for (const contact of contacts.value)
    if (isSameBinding(contact, own))
      return contact.expiresS ?? parseSeconds(headerOf(response, "Expires") ?? "") ?? usualExpiresS;
  return undefined;
}

function isSameBinding(one: Contact, own: Contact): boolean {
  if (own.instance === undefined || one.instance === undefined) return sameUri(one.uri, own.uri);
  return sameText(one.instance, own.instance) && one.regId === own.regId;
}

/** What stands between `"<` and `>"`. */
function instanceName(value: string): string | undefined {
  if (value.charCodeAt(0) !== 0x22 || quotedEnd(value, 0) !== value.length) return undefined;
  const name = unquoted(value, 0, value.length);
  const last = name.length - 1;
  if (last < 2 || name.charAt(0) !== "<" || name.charAt(last) !== ">") return undefined;
  return name.substring(1, last);
}
