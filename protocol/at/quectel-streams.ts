/**
 * TCP and TLS connections of Quectel modems (EG9x, BG9x), as the public TCP/IP and SSL application notes of these series describe
 * them: data waits in the modem until it is read (access mode 0). TLS checks the chain against one CA file, the name where the
 * modem knows "checkhost", and no dates: its clock may be wrong, and an expired certificate must not cost an alarm.
 */
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { order, reading, sending, wish } from "./commands.ts";
import type { OpenFault, StreamPlan, StreamStep, StreamTalk } from "./stream-talk.ts";
import { proof, secureFrom, step } from "./stream-talk.ts";

const chunkLimit = 1_460;
const patienceMs = 15_000;
const settingMs = 5_000;
/** The TLS context of all connections. */
const context = 1;
/** TLS 1.2 and no older. */
const sslVersion = 3;

function connectPlain(number: number, plan: StreamPlan): readonly StreamStep[] {
  const text = "AT+QIOPEN=1," + number + ',"TCP","' + plan.host + '",' + plan.port + ",0,0";
  return [step(closePlain(number)), step(order(text, patienceMs))];
}

/** The name that is checked is the one that is connected to: at an address, only the chain can be. */
function connectSecure(number: number, plan: StreamPlan): readonly StreamStep[] {
  const steps: StreamStep[] = [
    step(closeSecure(number)),
    step(order(setting("sslversion", "" + sslVersion), settingMs)),
    step(order(setting("ciphersuite", "0XFFFF"), settingMs)),
  ];
  if (plan.caFile !== "") {
    steps.push(step(order(setting("cacert", '"' + plan.caFile + '"'), settingMs)));
    steps.push(step(wish(setting("ignorelocaltime", "1"), settingMs)));
  }
  steps.push(step(order(setting("seclevel", plan.caFile === "" ? "0" : "1"), settingMs)));
  steps.push(step(wish(setting("sni", "1"), settingMs)));
  if (plan.caFile !== "" && plan.host === plan.serverName)
    steps.push(proof(wish(setting("checkhost", "1"), settingMs)));
  const id = number - secureFrom;
  const open = "AT+QSSLOPEN=1," + context + "," + id + ',"' + plan.host + '",' + plan.port + ",0";
  steps.push(step(order(open, patienceMs)));
  return steps;
}

function setting(name: string, value: string): string {
  return 'AT+QSSLCFG="' + name + '",' + context + "," + value;
}

/** The <err> of +QIOPEN and +QSSLOPEN. */
function openFaultOf(error: number): OpenFault {
  if (error === 564 || error === 565) return "name-not-found";
  if (error === 569) return "connect-timeout";
  if (error === 561 || error === 562 || error === 570) return "no-address";
  return error >= 575 ? "handshake" : "connection-refused";
}

function sendBy(command: string, id: number, length: number): Exchange {
  return sending("AT+" + command + "=" + id + "," + length, "SEND OK", "SEND FAIL", patienceMs);
}

/** SEND FAIL is a full buffer: nothing was taken. */
function sentOf(final: string, _line: string, length: number): number {
  if (final === "SEND OK") return length;
  return final === "SEND FAIL" ? 0 : -1;
}

function readBy(command: string, id: number): Exchange {
  const text = "AT+" + command + "=" + id + "," + chunkLimit;
  return reading(text, "+" + command + ":", patienceMs, readLengthOf);
}

/** +QIRD: <length> and +QSSLRECV: <length>. */
function readLengthOf(line: string): number {
  return Math.max(0, numberOf(fieldsOf(line)[0]));
}

function closePlain(number: number): Exchange {
  return wish("AT+QICLOSE=" + number, patienceMs);
}

function closeSecure(number: number): Exchange {
  return wish("AT+QSSLCLOSE=" + (number - secureFrom), patienceMs);
}

export const quectelTcp: StreamTalk = {
  firstNumber: 0,
  numberCount: 12,
  chunkLimit,
  create: undefined,
  connect: connectPlain,
  openFaultOf,
  send: (number, length) => sendBy("QISEND", number, length),
  sentOf,
  askWaiting: undefined,
  waitingOf: () => 0,
  read: (number) => readBy("QIRD", number),
  readLengthOf,
  close: closePlain,
};

export const quectelTls: StreamTalk = {
  firstNumber: secureFrom,
  numberCount: 12,
  chunkLimit,
  create: undefined,
  connect: connectSecure,
  openFaultOf,
  send: (number, length) => sendBy("QSSLSEND", number - secureFrom, length),
  sentOf,
  askWaiting: undefined,
  waitingOf: () => 0,
  read: (number) => readBy("QSSLRECV", number - secureFrom),
  readLengthOf,
  close: closeSecure,
};
