/**
 * TCP and TLS connections of u-blox modems (SARA, LENA, LARA, TOBY), as the public AT command manuals of these series describe them.
 * The modem chooses the number; TLS is a profile laid upon a socket. It checks chain and name against a certificate that was
 * imported under a name, and no dates (validation level 2).
 */
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, order, query, refine, wish } from "./commands.ts";
import type { OpenFault, StreamPlan, StreamStep, StreamTalk } from "./stream-talk.ts";
import { proof, step, stepOr } from "./stream-talk.ts";

const chunkLimit = 1_024;
const patienceMs = 15_000;
const settingMs = 5_000;
/** A modem that does not know how to connect without waiting says nothing else until the connection stands. */
const waitingMs = 40_000;
/** The manuals ask for 50 ms between the prompt and the data. */
const payloadAfterMs = 50;
/** The TLS profile of all connections. */
const profile = 0;

/** With ,1 the modem goes on listening while it connects, and tells the end by +UUSOCO: <id>,<error>. */
function connectPlain(number: number, plan: StreamPlan): readonly StreamStep[] {
  const text = "AT+USOCO=" + number + ',"' + plan.host + '",' + plan.port;
  return [stepOr(order(text + ",1", patienceMs), order(text, waitingMs))];
}

function connectSecure(number: number, plan: StreamPlan): readonly StreamStep[] {
  const steps: StreamStep[] = [
    // Back to what the modem was made with, so that no older setting counts.
    step(order("AT+USECPRF=" + profile, settingMs)),
    // TLS 1.2 and no older.
    step(order(setting("1,3"), settingMs)),
  ];
  const name = plan.serverName === undefined ? plan.host : plan.serverName;
  if (plan.caFile !== "") {
    steps.push(step(order(setting('3,"' + plan.caFile + '"'), settingMs)));
    steps.push(proof(wish(setting('4,"' + name + '"'), settingMs)));
    steps.push(step(order(setting("0,2"), settingMs)));
  } else steps.push(step(order(setting("0,0"), settingMs)));
  steps.push(step(wish(setting('10,"' + name + '"'), settingMs)));
  steps.push(step(order("AT+USOSEC=" + number + ",1," + profile, settingMs)));
  return steps.concat(connectPlain(number, plan));
}

function setting(text: string): string {
  return "AT+USECPRF=" + profile + "," + text;
}

/** The <error> of +UUSOCO: numbers of the modem's own operating system. */
function openFaultOf(error: number): OpenFault {
  if (error === 110 || error === 116) return "connect-timeout";
  if (error === 100 || error === 101 || error === 113) return "no-address";
  return error === 104 || error === 111 ? "connection-refused" : "handshake";
}

function send(number: number, length: number): Exchange {
  const text = "AT+USOWR=" + number + "," + length;
  return refine(exchange(text, "+USOWR:", patienceMs, true), { prompt: "@", payloadAfterMs });
}

/** +USOWR: <id>,<length>. */
function sentOf(final: string, line: string, length: number): number {
  const sent = line.startsWith("+USOWR:") ? numberOf(fieldsOf(line)[1]) : -1;
  return final === "OK" && sent <= length ? sent : -1;
}

/** A length of 0 asks how much waits. */
function askWaiting(number: number): Exchange {
  return exchange("AT+USORD=" + number + ",0", "+USORD:", patienceMs, true);
}

/** +USORD: <id>,<bytes>. */
function waitingOf(line: string): number {
  const fields = fieldsOf(line);
  return fields.length === 2 ? Math.max(0, numberOf(fields[1])) : 0;
}

function read(number: number): Exchange {
  const text = "AT+USORD=" + number + "," + chunkLimit;
  return refine(exchange(text, "+USORD:", patienceMs, true), { inlineLength });
}

/** +USORD: <id>,<length>,"...": the same whether the data is still to come or has been taken out. */
function readLengthOf(line: string): number {
  const fields = fieldsOf(line);
  return fields.length >= 3 ? Math.max(0, numberOf(fields[1])) : 0;
}

/** The data begins at the third field's quote. */
function inlineLength(head: string): number {
  if (!head.startsWith("+USORD:") || !head.endsWith(',"')) return 0;
  return fieldsOf(head).length === 3 ? readLengthOf(head) : 0;
}

function close(number: number): Exchange {
  return wish("AT+USOCL=" + number, patienceMs);
}

export const ubloxTcp: StreamTalk = {
  firstNumber: 0,
  numberCount: 7,
  chunkLimit,
  create: query("AT+USOCR=6", "+USOCR:", patienceMs),
  connect: connectPlain,
  openFaultOf,
  send,
  sentOf,
  askWaiting,
  waitingOf,
  read,
  readLengthOf,
  close,
};

export const ubloxTls: StreamTalk = Object.assign({}, ubloxTcp, { connect: connectSecure });
