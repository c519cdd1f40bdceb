/** Values of headers that have no field of their own in a message, as text: addresses and parameters (RFC 3261 20.10 and 25.1). */
import type { Param } from "./scan.ts";
import { quoted } from "./scan.ts";

/** `"Name" <uri>;name=value`; without a display name where that is undefined. */
export function addressText(display: string | undefined, uri: string, params: readonly Param[]): string {
  return (display === undefined ? "" : quoted(display) + " ") + "<" + uri + ">" + paramsText(params);
}

/** The parameters as they are written, each with its semicolon. */
export function paramsText(params: readonly Param[]): string {
  let text = "";
  for (const param of params) text += ";" + param.name + (param.value === undefined ? "" : "=" + param.value);
  return text;
}
