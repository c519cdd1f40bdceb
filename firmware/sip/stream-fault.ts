/** How a connection to a receiver fails (RFC 3261 18.4): one word for it from the port that opens it to the machine that judges it. */

/**
 * Why a connection is not to be had, or has ended: no link; a link without address; a name that does not resolve; nobody
 * answers; turned away; a certificate whose name or issuer is wrong; ended by the other side or the network.
 */
export type StreamFault =
  | "no-link"
  | "no-address"
  | "name-not-found"
  | "connect-timeout"
  | "connection-refused"
  | "certificate"
  | "connection-lost";
