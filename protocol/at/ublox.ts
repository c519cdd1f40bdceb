/**
 * The u-blox dialect (SARA, LENA, LARA, TOBY): sockets as the public AT command manuals of these series describe them. The modem chooses
 * a socket's number, and received data stands inside the answer line, where its length decides and not its quotes.
 */
import type { Fact } from "./answers.ts";
import { commonFactOf, fieldsOf, numberOf } from "./answers.ts";
import type { DatagramHeader, Dialect, Exchange } from "./commands.ts";
import {
  askAddress,
  askLocalClock,
  askOperator,
  askSignal,
  circuitNews,
  clockFromNetwork,
  contextNews,
  defineAddressed,
  exchange,
  longOperatorNames,
  order,
  packetNews,
  query,
  radioOn,
  refine,
  wish,
} from "./commands.ts";
import { ubloxTcp, ubloxTls } from "./ublox-streams.ts";

const datagramLimit = 1_024;
const socketPatienceMs = 15_000;
/** The manuals ask for 50 ms between the prompt and the data. */
const payloadAfterMs = 50;

/** AT+UAUTHREQ=<cid>,<type>,<password>,<user>: PAP, and the password before the user as in the SARA-R4 manual. */
function defineContext(apn: string, user: string, password: string): Exchange {
  return defineAddressed(apn, user === "" ? "" : ';+UAUTHREQ=1,1,"' + password + '","' + user + '"');
}

/** +USOCR: <id>, the number the modem has chosen. */
function openUdp(_socket: number, localPort: number): Exchange {
  return query("AT+USOCR=17," + localPort, "+USOCR:", socketPatienceMs);
}

function sendTo(socket: number, host: string, port: number, length: number): Exchange {
  const text = "AT+USOST=" + socket + ',"' + host + '",' + port + "," + length;
  return refine(exchange(text, "+USOST:", socketPatienceMs, true), { prompt: "@", payloadAfterMs });
}

/** News of waiting data may be lost on the line; a length of 0 asks for it. */
function askWaiting(socket: number): Exchange {
  return exchange("AT+USORF=" + socket + ",0", "+USORF:", socketPatienceMs, true);
}

/** +USORF: <id>,<bytes>. */
function waitingOf(line: string): number {
  const fields = fieldsOf(line);
  return fields.length === 2 ? Math.max(0, numberOf(fields[1])) : 0;
}

function readFrom(socket: number): Exchange {
  const text = "AT+USORF=" + socket + "," + datagramLimit;
  return refine(exchange(text, "+USORF:", socketPatienceMs, true), { inlineLength });
}

/** +USORF: <id>,"<address>",<port>,<length>,"...": the same whether the data is still to come or has been taken out. */
function datagramOf(line: string): DatagramHeader | undefined {
  const fields = fieldsOf(line);
  const host = fields[1];
  const port = numberOf(fields[2]);
  const length = numberOf(fields[3]);
  if (host === undefined || length <= 0 || port < 0 || port > 65_535) return undefined;
  return { length, host, port };
}

/** The data begins at the fifth field's quote. */
function inlineLength(head: string): number {
  if (!head.startsWith("+USORF:") || !head.endsWith(',"')) return 0;
  const fields = fieldsOf(head);
  const header = fields.length === 5 ? datagramOf(head) : undefined;
  return header === undefined ? 0 : header.length;
}

function close(socket: number): Exchange {
  return wish("AT+USOCL=" + socket, socketPatienceMs);
}

function factOf(line: string): Fact | undefined {
  if (line.startsWith("+UUSO")) {
    const socket = numberOf(fieldsOf(line)[0]);
    if (line.startsWith("+UUSORF:") || line.startsWith("+UUSORD:")) return { type: "socket-readable", socket };
    if (line.startsWith("+UUSOCO:")) {
      const error = numberOf(fieldsOf(line)[1]);
      return { type: "socket-opened", socket, error: error < 0 ? 1 : error };
    }
    return line.startsWith("+UUSOCL:") ? { type: "socket-closed", socket } : undefined;
  }
  if (line.startsWith("+UDNSRN:")) return { type: "name-resolved", address: fieldsOf(line)[0] as string };
  if (line.startsWith("+USOCR:")) {
    const socket = numberOf(fieldsOf(line)[0]);
    return socket < 0 ? undefined : { type: "socket-chosen", socket };
  }
  if (line.startsWith("+UPSND:")) return profileOf(line);
  if (line.startsWith("+UUPSDD:")) return { type: "context-lost" };
  if (line === greeting) return { type: "started" };
  return commonFactOf(line);
}

/** +UPSND: 0,0,"<address>", the address of profile 0. */
function profileOf(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  const address = fields[2];
  if (fields[0] !== "0" || fields[1] !== "0" || address === undefined) return undefined;
  const active = address !== "" && address !== "0.0.0.0";
  return { type: "context", active, address: active ? address : "" };
}

const greeting = "RDY";

/** SARA-R4, LENA-R8 and their like: sockets use the context of 27.007 itself. */
export const ublox: Dialect = {
  name: "ublox",
  socketLimit: 7,
  datagramLimit,
  choosesNumber: true,
  powerUp: [
    // These modems start without a word; a greeting text (27.007 8.32) is kept by the modem and makes them tell.
    wish('AT+CSGT=1,"' + greeting + '"', 2_000),
    radioOn,
    packetNews,
    circuitNews,
    contextNews,
    longOperatorNames,
    clockFromNetwork,
    wish("AT+CTZR=1", 2_000),
  ],
  look: [askOperator, askSignal],
  factOf,
  defineContext,
  activate: order("AT+CGACT=1,1", 150_000),
  deactivate: wish("AT+CGACT=0,1", 40_000),
  askContext: askAddress,
  askClock: askLocalClock,
  openUdp,
  sendTo,
  askWaiting,
  waitingOf,
  readFrom,
  datagramOf,
  close,
  tcp: ubloxTcp,
  tls: ubloxTls,
  lookUp: (name) => wish('AT+UDNSRN=0,"' + name + '"', 20_000),
};

/** SARA-R5, SARA-U2 and their like: sockets use a profile of their own, laid upon context 1; OK first, then +UUPSDA: 0,"<address>". */
export const ubloxProfile: Dialect = Object.assign({}, ublox, {
  name: "ublox-profile",
  activate: refine(order("AT+UPSD=0,0,0;+UPSD=0,100,1;+UPSDA=0,3", 180_000), {
    final: "+UUPSDA: 0",
    failure: "+UUPSDA:",
  }),
  deactivate: wish("AT+UPSDA=0,4", 40_000),
  askContext: exchange("AT+UPSND=0,0", "+UPSND:", 5_000, true),
});
