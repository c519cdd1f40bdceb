/**
 * AT exchanges as data: what is said, what answers it, how long to be patient. Commands of 3GPP 27.007 and V.250 stand
 * here; what a vendor adds stands in a file per vendor as a `Dialect`.
 */
import type { Fact } from "./answers.ts";
import type { StreamTalk } from "./stream-talk.ts";

export interface Exchange {
  /** The command line without its carriage return. */
  readonly text: string;
  /**
   * How the promised answer line begins; "" where only a result code comes. An OK that comes before a promised line
   * belongs to an older command and does not end this one.
   */
  readonly prefix: string;
  /**
   * The result code of success; all codes of `abortingFinals` end every exchange. One that begins with "+" is the beginning
   * of a result line told behind the OK, and the OK ends nothing.
   */
  readonly final: string;
  /** How a line begins that ends this exchange, and no other, without success; "" where there is none. */
  readonly failure: string;
  /** Silence longer than this means that no answer will come. */
  readonly patienceMs: number;
  /** Whether any byte sent meanwhile ends it (V.250 5.6.1). */
  readonly abortable: boolean;
  /** Whether work can go on when this is refused or stays unanswered. */
  readonly optional: boolean;
  /** The character that asks for the payload; "" where there is none. */
  readonly prompt: string;
  /** The payload must not come sooner after the prompt. */
  readonly payloadAfterMs: number;
  /** Length of the raw data behind an answer line of this exchange; undefined where none ever follows. */
  readonly dataLength: ((line: string) => number) | undefined;
  /** Length of the raw data inside an answer line, told what stands before it up to its opening quote; 0 where none follows. */
  readonly inlineLength: ((head: string) => number) | undefined;
  /** Whether the text holds what no log may show. */
  readonly secret: boolean;
}

/** What a vendor's modem is told, and how it answers. Sockets are numbered from 0. */
export interface Dialect {
  readonly name: string;
  readonly socketLimit: number;
  /** Longest datagram in bytes. */
  readonly datagramLimit: number;
  /** Whether the modem chooses a socket's number when it is opened; otherwise it is told which. */
  readonly choosesNumber: boolean;
  /** Told once after each start, in this order, when the modem has said who it is. */
  readonly powerUp: readonly Exchange[];
  /** Asked for when the registration stands, before any context: operator, signal. */
  readonly look: readonly Exchange[];
  /** What one line says, whether asked for or not; undefined where it says nothing that matters. */
  readonly factOf: (line: string) => Fact | undefined;
  readonly defineContext: (apn: string, user: string, password: string) => Exchange;
  readonly activate: Exchange;
  readonly deactivate: Exchange;
  /** Answers a `context` fact when the context is active, and no line when not. */
  readonly askContext: Exchange;
  /** Answers a `clock` fact where the network told the time. */
  readonly askClock: Exchange;
  readonly openUdp: (socket: number, localPort: number) => Exchange;
  readonly sendTo: (socket: number, host: string, port: number, length: number) => Exchange;
  /** Answers how much waits, for `waitingOf`; undefined where `readFrom` itself tells that nothing does. */
  readonly askWaiting: ((socket: number) => Exchange) | undefined;
  /** Bytes that wait in the socket, from the answer line to `askWaiting`; 0 where it is none. */
  readonly waitingOf: (line: string) => number;
  /** Answers one datagram, or that there is none: see `datagramOf`. */
  readonly readFrom: (socket: number) => Exchange;
  /** Length and origin of the datagram behind an answer line to `readFrom`; undefined where nothing waits. */
  readonly datagramOf: (line: string) => DatagramHeader | undefined;
  readonly close: (socket: number) => Exchange;
  readonly tcp: StreamTalk;
  /** Under the modem's own TLS. */
  readonly tls: StreamTalk;
  /** Answers a `name-resolved` fact, sooner or later; a refusal says that there is no address. */
  readonly lookUp: (name: string) => Exchange;
}

export interface DatagramHeader {
  readonly length: number;
  /** "" and port 0 where the line does not tell: then a `datagram-origin` fact may have, or nothing has. */
  readonly host: string;
  readonly port: number;
}

/**
 * Result codes that end every exchange without success (V.250 5.7.1, 27.007 9.2); the CME and CMS errors carry a number. Those of
 * `callFinals` end an exchange only where it dials or answers.
 */
export const abortingFinals: readonly string[] = ["ERROR", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "ABORTED"];

/** How a call ends: the result of ATD or ATA, and beside any other exchange the news that a call is over (V.250 5.7.1). */
export const callFinals: readonly string[] = ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE"];

/** An exchange that answers nothing but OK. */
export function order(text: string, patienceMs: number): Exchange {
  return exchange(text, "", patienceMs, false);
}

/** An exchange whose failure stops nothing. */
export function wish(text: string, patienceMs: number): Exchange {
  return exchange(text, "", patienceMs, true);
}

/** An exchange that promises a line beginning with `prefix`. */
export function query(text: string, prefix: string, patienceMs: number): Exchange {
  return exchange(text, prefix, patienceMs, false);
}

export function exchange(text: string, prefix: string, patienceMs: number, optional: boolean): Exchange {
  return {
    text,
    prefix,
    final: "OK",
    failure: "",
    patienceMs,
    abortable: false,
    optional,
    prompt: "",
    payloadAfterMs: 0,
    dataLength: undefined,
    inlineLength: undefined,
    secret: false,
  };
}

/** A wish whose payload goes behind a ">". Written out, as `reading` is: every datagram takes one of each. */
export function sending(text: string, final: string, failure: string, patienceMs: number): Exchange {
  return {
    text,
    prefix: "",
    final,
    failure,
    patienceMs,
    abortable: false,
    optional: true,
    prompt: ">",
    payloadAfterMs: 0,
    dataLength: undefined,
    inlineLength: undefined,
    secret: false,
  };
}

/** An exchange that promises a line beginning with `prefix` and raw data behind it, and whose failure stops nothing. */
export function reading(
  text: string,
  prefix: string,
  patienceMs: number,
  dataLength: (line: string) => number,
): Exchange {
  return {
    text,
    prefix,
    final: "OK",
    failure: "",
    patienceMs,
    abortable: false,
    optional: true,
    prompt: "",
    payloadAfterMs: 0,
    dataLength,
    inlineLength: undefined,
    secret: false,
  };
}

/** An exchange with some fields changed. */
export function refine(base: Exchange, change: Partial<Exchange>): Exchange {
  return Object.assign({}, base, change);
}

/** Whether the modem listens at all; without any prefix, so that every modem can answer it at any time. */
export const attention = exchange("AT", "", 1_000, false);
export const echoOff = wish("ATE0", 1_000);
/** Errors come as numbers: +CME ERROR: 10 (27.007 9.1). */
export const numericErrors = wish("AT+CMEE=1", 1_000);
/** Answered by one bare line (27.007 5.2). */
export const askModel = exchange("AT+CGMM", "", 5_000, true);
export const radioOn = wish("AT+CFUN=1", 15_000);
export const reset = wish("AT+CFUN=1,1", 15_000);
export const askSim = query("AT+CPIN?", "+CPIN:", 5_000);
export const packetNews = wish("AT+CEREG=2", 1_000);
export const circuitNews = wish("AT+CREG=2", 1_000);
/** Tells when the network ends a context (27.007 10.1.19). */
export const contextNews = wish("AT+CGEREP=2,1", 1_000);
export const askPacket = exchange("AT+CEREG?", "+CEREG:", 2_000, true);
export const askCircuit = exchange("AT+CREG?", "+CREG:", 2_000, true);
export const askSignal = exchange("AT+CSQ", "+CSQ:", 2_000, true);
export const longOperatorNames = wish("AT+COPS=3,0", 2_000);
export const askOperator = exchange("AT+COPS?", "+COPS:", 5_000, true);
/** The network's time sets the modem's clock (27.007 8.40). */
export const clockFromNetwork = wish("AT+CTZU=1", 2_000);
/** Answers in local time with its zone (27.007 8.15). */
export const askLocalClock = exchange("AT+CCLK?", "+CCLK:", 5_000, true);
/** The address of context 1 (27.007 10.1.14). */
export const askAddress = exchange("AT+CGPADDR=1", "+CGPADDR:", 5_000, true);
export const detach = wish("AT+CGATT=0", 40_000);
export const attach = wish("AT+CGATT=1", 75_000);
export const leaveOperator = wish("AT+COPS=2", 30_000);
/** 27.007 7.3: a selection may take up to three minutes, and any byte ends it. */
export const chooseOperator = refine(wish("AT+COPS=0", 180_000), { abortable: true });
/** That network and no other, by its number; where it cannot be had, the modem chooses itself (27.007 7.3, mode 4). */
export function chooseNetwork(plmn: string): Exchange {
  return refine(wish('AT+COPS=4,2,"' + plmn + '"', 180_000), { abortable: true });
}

/**
 * After a silence, one of these in turn: each promises another line, so that the late answer to an older one is never
 * taken for its own.
 */
export const soundings: readonly Exchange[] = [
  query("AT+CSQ", "+CSQ:", 5_000),
  query("AT+CFUN?", "+CFUN:", 5_000),
  query("AT+COPS?", "+COPS:", 5_000),
];

/** AT+CPIN="1234" (27.007 8.3). */
export function enterPin(pin: string): Exchange {
  return refine(order('AT+CPIN="' + pin + '"', 5_000), { secret: true });
}

/** AT+CGDCONT=1,"IP","apn" (27.007 10.1.1), with a login where `login` gives its command. */
export function defineAddressed(apn: string, login: string): Exchange {
  return refine(order('AT+CGDCONT=1,"IP","' + apn + '"' + login, 5_000), { secret: true });
}
