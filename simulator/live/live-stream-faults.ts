/** What Node and OpenSSL call the end of a connection, in the words of the port. */
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";

const faults: Readonly<Record<string, StreamFault>> = {
  ENETUNREACH: "no-link",
  ENETDOWN: "no-link",
  EADDRNOTAVAIL: "no-address",
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  EAI_FAIL: "name-not-found",
  ECONNREFUSED: "connection-refused",
  EHOSTUNREACH: "connect-timeout",
  ETIMEDOUT: "connect-timeout",
};

/**
 * `wasReady`: it was open by then. A server that asks for a certificate and gets none may only say so once the connection
 * is open (RFC 8446 4.4.2.4, alert 116).
 */
export function faultOf(code: string, wasReady: boolean): StreamFault {
  if (code.startsWith("ERR_SSL_") && (code.includes("CERTIFICATE") || code.includes("UNKNOWN_CA")))
    return "certificate";
  if (wasReady) return "connection-lost";
  if (code.startsWith("ERR_SSL_") && code.includes("ALERT")) return "connection-refused";
  return faults[code] ?? "connection-lost";
}
