/** What plain and TLS connections of a Quectel modem's stand-in have in common: limits, errors, sending, reading, their state. */
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { ModemPeer } from "./modem.ts";
import { within } from "./modem-context.ts";
import { done, error, later } from "./modem-line.ts";
import type { PeerStream, StreamSet } from "./modem-streams.ts";

export const lastSocket = 11;
export const sendLimit = 1_460;
const readLimit = 1_500;
export const socketExists = 563;
export const contextNotOpen = 561;
export const nameUnknown = 565;

/** Error numbers of the TCP/IP application notes; 0: it stands. */
export function openError(fault: StreamFault | undefined): number {
  switch (fault) {
    case undefined:
      return 0;
    case "name-not-found":
      return nameUnknown;
    case "connect-timeout":
      return 569;
    default:
      return 566;
  }
}

/** <address>,<port>,<local port>,<state>: 1 opening, 2 connected, 4 closing. */
export function stateOf(stream: PeerStream): string {
  const state = stream.at === "opening" ? 1 : stream.at === "open" ? 2 : 4;
  return '"' + stream.to.host + '",' + stream.to.port + "," + stream.localPort + "," + state;
}

/** A length of 0 asks what was sent: in all, confirmed, and not. */
export function sendOn(
  modem: ModemPeer,
  streams: StreamSet,
  stream: PeerStream,
  field: string | undefined,
  prefix: string,
): number {
  const length = within(field, 0, sendLimit);
  if (length === undefined || stream.at !== "open") return error;
  if (length === 0) {
    const unsent = stream.line?.unsentCount ?? 0;
    modem.add(prefix + stream.sentCount + "," + (stream.sentCount - unsent) + "," + unsent);
    return done;
  }
  modem.prompt("> ", length, 0, (data) => {
    const fails = modem.takeSendFailure() || !streams.write(stream, data);
    modem.after(modem.answerMs(), () => modem.end(fails ? "SEND FAIL" : "SEND OK"));
  });
  return later;
}

/** A length of 0 asks what was received: in all, fetched, and not. */
export function readFrom(
  modem: ModemPeer,
  streams: StreamSet,
  stream: PeerStream,
  field: string | undefined,
  prefix: string,
): number {
  const most = field === undefined ? readLimit : within(field, 0, readLimit);
  if (most === undefined) return error;
  if (most === 0) {
    const waits = stream.waiting.length;
    modem.add(prefix + (stream.fetchedCount + waits) + "," + stream.fetchedCount + "," + waits);
    return done;
  }
  const bytes = streams.fetch(stream, most);
  if (bytes.length === 0) {
    modem.add(prefix + "0");
    return done;
  }
  modem.endWithData(prefix, bytes, "\r\n");
  return later;
}
