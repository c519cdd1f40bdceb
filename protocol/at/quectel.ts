/**
 * The Quectel dialect (EG9x, BG9x): sockets as the public TCP/IP application notes of these series describe them, "UDP SERVICE"
 * so that one socket hears and sends to any address.
 */
import type { Fact } from "./answers.ts";
import { clockOf, commonFactOf, fieldsOf, numberOf } from "./answers.ts";
import type { DatagramHeader, Dialect, Exchange } from "./commands.ts";
import {
  askOperator,
  askSignal,
  circuitNews,
  clockFromNetwork,
  exchange,
  longOperatorNames,
  order,
  packetNews,
  query,
  radioOn,
  reading,
  refine,
  sending,
  wish,
} from "./commands.ts";
import { quectelTcp, quectelTls } from "./quectel-streams.ts";
import { secureNumber } from "./stream-talk.ts";

const datagramLimit = 1_460;
/** The manuals give 120 s to socket commands; a UDP datagram that waits longer than this is worth nothing. */
const socketPatienceMs = 15_000;

/** AT+QICSGP=1,1,"apn","user","password",1: IPv4, PAP only where there is a user. */
function defineContext(apn: string, user: string, password: string): Exchange {
  const login = user === "" ? "" : ',"' + user + '","' + password + '",1';
  return refine(order('AT+QICSGP=1,1,"' + apn + '"' + login, 5_000), { secret: true });
}

/** OK first, then +QIOPEN: <id>,<error>; the error comes as a fact. */
function openUdp(socket: number, localPort: number): Exchange {
  return order("AT+QIOPEN=1," + socket + ',"UDP SERVICE","127.0.0.1",0,' + localPort + ",0", socketPatienceMs);
}

function sendTo(socket: number, host: string, port: number, length: number): Exchange {
  const text = "AT+QISEND=" + socket + "," + length + ',"' + host + '",' + port;
  return sending(text, "SEND OK", "SEND FAIL", socketPatienceMs);
}

/** For UDP SERVICE one read answers one datagram, and the command takes no length. */
function readFrom(socket: number): Exchange {
  return reading("AT+QIRD=" + socket, "+QIRD:", socketPatienceMs, dataLength);
}

/** +QIRD: <length>,"<address>",<port>, or +QIRD: 0. */
function datagramOf(line: string): DatagramHeader | undefined {
  const fields = fieldsOf(line);
  const length = numberOf(fields[0]);
  const port = numberOf(fields[2]);
  if (length <= 0 || port < 0 || port > 65_535 || fields[1] === undefined) return undefined;
  return { length, host: fields[1], port };
}

function dataLength(line: string): number {
  return Math.max(0, numberOf(fieldsOf(line)[0]));
}

function close(socket: number): Exchange {
  return wish("AT+QICLOSE=" + socket, 15_000);
}

function factOf(line: string): Fact | undefined {
  if (line.startsWith("+Q")) return ownFactOf(line);
  if (line === "RDY") return { type: "started" };
  if (line === "POWERED DOWN" || line === "NORMAL POWER DOWN") return { type: "powered-down" };
  return commonFactOf(line);
}

function ownFactOf(line: string): Fact | undefined {
  if (line.startsWith("+QIURC:")) return socketNews(line);
  if (line.startsWith("+QSSLURC:")) return secureNews(line);
  if (line.startsWith("+QIOPEN:")) return openedOf(line, numberOf(fieldsOf(line)[0]));
  if (line.startsWith("+QSSLOPEN:")) return openedOf(line, secureNumber(numberOf(fieldsOf(line)[0])));
  if (line.startsWith("+QIACT:")) {
    const fields = fieldsOf(line);
    if (fields[0] !== "1") return undefined;
    return { type: "context", active: fields[1] === "1", address: fields[3] === undefined ? "" : fields[3] };
  }
  if (line.startsWith("+QLTS:")) return clockOf(line, false);
  return line.startsWith("+QIND:") ? indication(line) : undefined;
}

/** <id>,<error>. */
function openedOf(line: string, socket: number): Fact {
  const error = numberOf(fieldsOf(line)[1]);
  return { type: "socket-opened", socket, error: error < 0 ? 550 : error };
}

/** +QSSLURC: "recv",<id> | "closed",<id>. */
function secureNews(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  const socket = secureNumber(numberOf(fields[1]));
  if (fields[0] === "recv") return { type: "socket-readable", socket };
  return fields[0] === "closed" ? { type: "socket-closed", socket } : undefined;
}

/** +QIURC: "dnsgip",<error>[,<count>,<ttl>], and after an error of 0 a line "dnsgip","<address>" for each. */
function resolvedOf(fields: readonly string[]): Fact | undefined {
  const second = fields[1] === undefined ? "" : fields[1];
  const error = numberOf(second);
  if (error === 0 || second === "") return undefined;
  return { type: "name-resolved", address: error > 0 ? "" : second };
}

/** +QIURC: "recv",<id> | "closed",<id> | "pdpdeact",<context> | "dnsgip",... */
function socketNews(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  const id = numberOf(fields[1]);
  if (fields[0] === "recv") return { type: "socket-readable", socket: id };
  if (fields[0] === "closed") return { type: "socket-closed", socket: id };
  if (fields[0] === "dnsgip") return resolvedOf(fields);
  if (fields[0] === "pdpdeact" && id === 1) return { type: "context-lost" };
  return undefined;
}

/** +QIND: "csq",<signal>,<error rate>. */
function indication(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  const signal = numberOf(fields[1]);
  if (fields[0] !== "csq" || signal < 0) return undefined;
  return { type: "signal", signal: signal > 31 ? 99 : signal };
}

export const quectel: Dialect = {
  name: "quectel",
  socketLimit: 12,
  datagramLimit,
  choosesNumber: false,
  powerUp: [
    radioOn,
    packetNews,
    circuitNews,
    longOperatorNames,
    // +QIND: "csq" tells a changed signal, so that nobody has to ask again and again.
    wish('AT+QINDCFG="csq",1', 2_000),
    // The network's time sets the modem's clock, and a +CTZE tells that it did.
    clockFromNetwork,
    wish("AT+CTZR=2", 2_000),
  ],
  look: [askOperator, askSignal],
  factOf,
  defineContext,
  activate: order("AT+QIACT=1", 150_000),
  deactivate: wish("AT+QIDEACT=1", 40_000),
  askContext: query("AT+QIACT?", "", 5_000),
  askClock: exchange("AT+QLTS=1", "+QLTS:", 5_000, true),
  openUdp,
  sendTo,
  askWaiting: undefined,
  waitingOf: () => 0,
  readFrom,
  datagramOf,
  close,
  tcp: quectelTcp,
  tls: quectelTls,
  // OK first; the news comes when the network has answered.
  lookUp: (name) => wish('AT+QIDNSGIP=1,"' + name + '"', 15_000),
};
