/** Route and Record-Route: the proxies that a call's requests pass (RFC 3261 12.1, 12.2.1.1, 16.12, 20.30 and 20.34). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { listOf } from "./header-list.ts";
import { addressText } from "./header-text.ts";
import type { Header, NameAddress, SipMessage } from "./message.ts";
import { readNameAddress } from "./name-address.ts";
import { sameText } from "./scan.ts";
import { parseUri } from "./uri.ts";

/** Where a request within a dialog goes: its Request-URI and its Route headers. */
export interface Routed {
  readonly uri: string;
  readonly headers: readonly Header[];
}

/** The hops of all Route or all Record-Route headers, in order. */
export function hopsOf(message: SipMessage, name: "Route" | "Record-Route"): Result<readonly NameAddress[]> {
  const items = listOf(message, name);
  if (!items.ok) return items;
  const hops: NameAddress[] = [];
  for (const item of items.value) {
    const hop = item.indexOf("<") < 0 ? undefined : readNameAddress(item);
    if (hop === undefined) return bad({ kind: "malformed", at: 0, what: name });
    hops.push(hop);
  }
  return ok(hops);
}

/** The URIs of a dialog's hops, nearest first: as recorded for the called end (12.1.1), turned round for the caller (12.1.2). */
export function routeSetOf(message: SipMessage, isCaller: boolean): Result<readonly string[]> {
  const hops = hopsOf(message, "Record-Route");
  if (!hops.ok) return hops;
  const uris: string[] = [];
  for (let i = 0; i < hops.value.length; i++) {
    const hop = hops.value[isCaller ? hops.value.length - 1 - i : i] as NameAddress;
    uris.push(hop.uri);
  }
  return ok(uris);
}

/**
 * Addresses a request to `target` through `routeSet`; where the first hop is of the old kind without `lr`, it stands in the
 * Request-URI (12.2.1.1), which carries no headers (19.1.1).
 */
export function routedTo(target: string, routeSet: readonly string[]): Routed {
  const first = routeSet[0];
  if (first === undefined) return { uri: withoutHeaders(target), headers: [] };
  const headers: Header[] = [];
  const isLoose = isLooseHop(first);
  for (let i = isLoose ? 0 : 1; i < routeSet.length; i++) headers.push(routeHeader(routeSet[i] as string));
  if (isLoose) return { uri: withoutHeaders(target), headers };
  headers.push(routeHeader(target));
  return { uri: withoutHeaders(first), headers };
}

function isLooseHop(uri: string): boolean {
  const parsed = parseUri(uri);
  if (!parsed.ok) return true;
  for (const param of parsed.value.params) if (sameText(param.name, "lr")) return true;
  return false;
}

function routeHeader(uri: string): Header {
  return { name: "Route", value: addressText(undefined, uri, []) };
}

function withoutHeaders(uri: string): string {
  const question = uri.indexOf("?", uri.indexOf("@") + 1);
  return question < 0 ? uri : uri.substring(0, question);
}
