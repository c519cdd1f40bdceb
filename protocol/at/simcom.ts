/**
 * The SIMCom dialect (SIM7500, SIM7600, SIM8200, A76xx): sockets as the public TCP/IP manuals of these series describe them. The
 * network service is opened once for all sockets; received data waits in the modem until it is fetched (AT+CIPRXGET=1).
 */
import type { Fact } from "./answers.ts";
import { commonFactOf, fieldsOf, numberOf } from "./answers.ts";
import type { DatagramHeader, Dialect, Exchange } from "./commands.ts";
import {
  askLocalClock,
  askOperator,
  askSignal,
  circuitNews,
  clockFromNetwork,
  defineAddressed,
  exchange,
  longOperatorNames,
  order,
  packetNews,
  radioOn,
  reading,
  refine,
  sending,
  wish,
} from "./commands.ts";
import { simcomTcp, simcomTls } from "./simcom-streams.ts";
import { secureNumber } from "./stream-talk.ts";

const datagramLimit = 1_460;
const socketPatienceMs = 15_000;

/** AT+CGAUTH=<cid>,<type>,<password>,<user>: PAP, and the password before the user in these series. */
function defineContext(apn: string, user: string, password: string): Exchange {
  return defineAddressed(apn, user === "" ? "" : ';+CGAUTH=1,1,"' + password + '","' + user + '"');
}

/** OK first, then +CIPOPEN: <id>,<error>; some firmware tells them the other way round, which this form takes as well. */
function openUdp(socket: number, localPort: number): Exchange {
  const result = "+CIPOPEN: " + socket + ",";
  return refine(order("AT+CIPOPEN=" + socket + ',"UDP",,,' + localPort, socketPatienceMs), {
    final: result + "0",
    failure: result,
  });
}

/** After the data OK, then +CIPSEND: <id>,<asked>,<sent>, where -1 sent means that the socket is gone. */
function sendTo(socket: number, host: string, port: number, length: number): Exchange {
  const result = "+CIPSEND: " + socket + ",";
  const text = "AT+CIPSEND=" + socket + "," + length + ',"' + host + '",' + port;
  return sending(text, result + length + "," + length, result, socketPatienceMs);
}

/** An empty socket refuses to be read, as a closed one does: so it is asked first. */
function askWaiting(socket: number): Exchange {
  return exchange("AT+CIPRXGET=4," + socket, "+CIPRXGET: 4,", socketPatienceMs, true);
}

/** +CIPRXGET: 4,<id>,<bytes>. */
function waitingOf(line: string): number {
  const fields = fieldsOf(line);
  return fields[0] === "4" ? Math.max(0, numberOf(fields[2])) : 0;
}

function readFrom(socket: number): Exchange {
  const text = "AT+CIPRXGET=2," + socket + "," + datagramLimit;
  return reading(text, "+CIPRXGET: 2,", socketPatienceMs, dataLength);
}

/** +CIPRXGET: 2,<id>,<read>,<rest>; the origin, where it is told, comes in a line before. */
function datagramOf(line: string): DatagramHeader | undefined {
  const length = dataLength(line);
  return length === 0 ? undefined : { length, host: "", port: 0 };
}

function dataLength(line: string): number {
  const fields = fieldsOf(line);
  return fields[0] === "2" ? Math.max(0, numberOf(fields[2])) : 0;
}

/** OK first, then +CIPCLOSE: <id>,0; a socket that is not open is refused. */
function close(socket: number): Exchange {
  return refine(wish("AT+CIPCLOSE=" + socket, socketPatienceMs), { final: "+CIPCLOSE: " + socket + ",0" });
}

function factOf(line: string): Fact | undefined {
  if (line.startsWith("+CIP")) return socketNews(line);
  if (line.startsWith("+CCH")) return secureNews(line);
  if (line.startsWith("+CDNSGIP:")) return resolvedOf(line);
  if (line.startsWith("+IPCLOSE:")) return { type: "socket-closed", socket: numberOf(fieldsOf(line)[0]) };
  if (line.startsWith("+IPADDR:")) {
    const address = fieldsOf(line)[0] as string;
    return address === "" ? undefined : { type: "context", active: true, address };
  }
  if (line.startsWith("RECV FROM:")) return originOf(line);
  if (line === "RDY" || line === "START" || line.startsWith("*ATREADY:")) return { type: "started" };
  if (line === "POWER DOWN" || line === "NORMAL POWER DOWN") return { type: "powered-down" };
  return commonFactOf(line);
}

/** +CIPOPEN: <id>,<error> | +CIPRXGET: 1,<id> | +CIPSEND: <id>,<asked>,-1 | +CIPEVENT: NETWORK CLOSED UNEXPECTEDLY. */
function socketNews(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  if (line.startsWith("+CIPOPEN:")) {
    const error = numberOf(fields[1]);
    return { type: "socket-opened", socket: numberOf(fields[0]), error: error < 0 ? 1 : error };
  }
  if (line.startsWith("+CIPRXGET:"))
    return fields[0] === "1" ? { type: "socket-readable", socket: numberOf(fields[1]) } : undefined;
  if (line.startsWith("+CIPSEND:"))
    return fields[2] === "-1" ? { type: "socket-closed", socket: numberOf(fields[0]) } : undefined;
  if (line.startsWith("+CIPEVENT:") && line.indexOf("NETWORK CLOSED") >= 0) return { type: "context-lost" };
  return undefined;
}

/** +CCHOPEN: <id>,<error> | +CCHEVENT: <id>,RECV EVENT | +CCH_PEER_CLOSED: <id>. */
function secureNews(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  const socket = secureNumber(numberOf(fields[0]));
  if (line.startsWith("+CCHOPEN:")) {
    const error = numberOf(fields[1]);
    return { type: "socket-opened", socket, error: error < 0 ? 1 : error };
  }
  if (line.startsWith("+CCHEVENT:") && fields[1] === "RECV EVENT") return { type: "socket-readable", socket };
  return line.startsWith("+CCH_PEER_CLOSED:") ? { type: "socket-closed", socket } : undefined;
}

/** +CDNSGIP: 1,"<name>","<address>" | 0,<error>. */
function resolvedOf(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  if (fields[0] === "1" && fields[2] !== undefined) return { type: "name-resolved", address: fields[2] };
  return fields[0] === "0" ? { type: "name-resolved", address: "" } : undefined;
}

/** RECV FROM:<address>:<port>. */
function originOf(line: string): Fact | undefined {
  const at = line.lastIndexOf(":");
  const port = numberOf(line.substring(at + 1));
  if (at <= 10 || port < 0 || port > 65_535) return undefined;
  return { type: "datagram-origin", host: line.substring(10, at), port };
}

export const simcom: Dialect = {
  name: "simcom",
  socketLimit: 10,
  datagramLimit,
  choosesNumber: false,
  powerUp: [
    radioOn,
    packetNews,
    circuitNews,
    longOperatorNames,
    // Told at each change, so that nobody has to ask again and again.
    wish("AT+AUTOCSQ=1,1", 2_000),
    clockFromNetwork,
    wish("AT+CTZR=1", 2_000),
  ],
  look: [
    askOperator,
    askSignal,
    // Without it a socket pushes its data into whatever is being said, and refuses to be read.
    order("AT+CIPRXGET=1", 5_000),
    // Each datagram with the address it came from.
    wish("AT+CIPSRIP=1", 5_000),
  ],
  factOf,
  defineContext,
  activate: refine(order("AT+NETOPEN", 120_000), { final: "+NETOPEN: 0", failure: "+NETOPEN:" }),
  deactivate: refine(wish("AT+NETCLOSE", 20_000), { final: "+NETCLOSE: 0" }),
  askContext: exchange("AT+IPADDR", "+IPADDR:", 9_000, true),
  askClock: askLocalClock,
  openUdp,
  sendTo,
  askWaiting,
  waitingOf,
  readFrom,
  datagramOf,
  close,
  tcp: simcomTcp,
  tls: simcomTls,
  // Some firmware says OK first, some behind the answer.
  lookUp: (name) => wish('AT+CDNSGIP="' + name + '"', 20_000),
};
