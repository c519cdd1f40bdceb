/** Whether two SIP addresses are the same (RFC 3261 19.1.4). */
import type { Param } from "./scan.ts";
import { sameText } from "./scan.ts";
import { parseUri, unescaped } from "./uri.ts";

/** False where either is no SIP or SIPS address. The user has case, all else has none; escapes do not count. */
export function sameUri(one: string, other: string): boolean {
  const a = parseUri(one);
  const b = parseUri(other);
  if (!a.ok || !b.ok) return false;
  if (a.value.scheme !== b.value.scheme || a.value.user !== b.value.user) return false;
  if (a.value.host !== b.value.host || a.value.port !== b.value.port) return false;
  if (a.value.headers.length !== b.value.headers.length) return false;
  for (const header of a.value.headers) if (!hasSame(b.value.headers, header)) return false;
  return fitting(a.value.params, b.value.params) && fitting(b.value.params, a.value.params);
}

/** Every parameter of `some` that `others` has too says the same; those that steer the message must be in both. */
function fitting(some: readonly Param[], others: readonly Param[]): boolean {
  for (const param of some) {
    const isNeeded = steering.indexOf("," + param.name.toLowerCase() + ",") >= 0;
    if ((isNeeded || has(others, param.name)) && !hasSame(others, param)) return false;
  }
  return true;
}

function has(params: readonly Param[], name: string): boolean {
  for (const param of params) if (sameText(param.name, name)) return true;
  return false;
}

function hasSame(params: readonly Param[], wanted: Param): boolean {
  const value = plain(wanted.value);
  for (const param of params) if (sameText(param.name, wanted.name) && sameText(plain(param.value), value)) return true;
  return false;
}

function plain(value: string | undefined): string {
  const text = value ?? "";
  return unescaped(text) ?? text;
}

const steering = ",user,ttl,method,maddr,transport,";
