/**
 * TCP and TLS connections of SIMCom modems (SIM7500, SIM7600, SIM8200, A76xx), as the public TCP/IP and SSL manuals of these
 * series describe them. TLS has two sessions of its own; it checks the chain against one CA file, never the name, and no dates.
 */
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, order, reading, refine, sending, wish } from "./commands.ts";
import type { OpenFault, StreamPlan, StreamStep, StreamTalk } from "./stream-talk.ts";
import { secureFrom, step } from "./stream-talk.ts";

const plainLimit = 1_460;
const secureLimit = 1_024;
const patienceMs = 15_000;
const settingMs = 5_000;
/** TLS 1.2 and no older. */
const sslVersion = 3;

function connectPlain(number: number, plan: StreamPlan): readonly StreamStep[] {
  const text = "AT+CIPOPEN=" + number + ',"TCP","' + plan.host + '",' + plan.port;
  return [step(closePlain(number)), step(order(text, patienceMs))];
}

/** The service is set and started first: both are refused where it runs already. */
function connectSecure(number: number, plan: StreamPlan): readonly StreamStep[] {
  const id = number - secureFrom;
  const started = refine(wish("AT+CCHSTART", patienceMs), { final: "+CCHSTART: 0", failure: "+CCHSTART:" });
  const steps: StreamStep[] = [
    // Sends tell their result, and data waits until it is fetched.
    step(wish("AT+CCHSET=1,1", settingMs)),
    step(started),
    step(closeSecure(number)),
    step(order(setting("sslversion", "" + sslVersion), settingMs)),
  ];
  if (plan.caFile !== "") {
    steps.push(step(order(setting("cacert", '"' + plan.caFile + '"'), settingMs)));
    steps.push(step(wish(setting("ignorelocaltime", "1"), settingMs)));
  }
  steps.push(step(order(setting("authmode", plan.caFile === "" ? "0" : "1"), settingMs)));
  steps.push(step(wish(setting("enableSNI", "1"), settingMs)));
  steps.push(step(order("AT+CCHSSLCFG=" + id + ",0", settingMs)));
  steps.push(step(order("AT+CCHOPEN=" + id + ',"' + plan.host + '",' + plan.port + ",2", patienceMs)));
  return steps;
}

function setting(name: string, value: string): string {
  return 'AT+CSSLCFG="' + name + '",0,' + value;
}

/** The <err> of +CIPOPEN. */
function plainFaultOf(error: number): OpenFault {
  if (error === 11) return "name-not-found";
  if (error === 10) return "connect-timeout";
  return error === 2 ? "no-address" : "connection-refused";
}

/** The <err> of +CCHOPEN. */
function secureFaultOf(error: number): OpenFault {
  switch (error) {
    case 12:
      return "name-not-found";
    case 4:
      return "connect-timeout";
    case 14:
      return "handshake";
    case 8:
    case 16:
      return "no-address";
    default:
      return "connection-refused";
  }
}

function sendPlain(number: number, length: number): Exchange {
  const result = "+CIPSEND: " + number + ",";
  return sending("AT+CIPSEND=" + number + "," + length, result + length + "," + length, result, patienceMs);
}

/** +CIPSEND: <id>,<asked>,<sent>. */
function sentPlain(final: string, _line: string, length: number): number {
  if (!final.startsWith("+CIPSEND:")) return -1;
  const fields = fieldsOf(final);
  const sent = numberOf(fields[2]);
  return numberOf(fields[1]) === length && sent <= length ? sent : -1;
}

/** After the data OK, then +CCHSEND: <id>,<error>. */
function sendSecure(number: number, length: number): Exchange {
  const id = number - secureFrom;
  const result = "+CCHSEND: " + id + ",";
  return sending("AT+CCHSEND=" + id + "," + length, result + "0", result, patienceMs);
}

function sentSecure(final: string, _line: string, length: number): number {
  return final.startsWith("+CCHSEND:") && fieldsOf(final)[1] === "0" ? length : -1;
}

function readPlain(number: number): Exchange {
  const text = "AT+CIPRXGET=2," + number + "," + plainLimit;
  return reading(text, "+CIPRXGET: 2,", patienceMs, plainLength);
}

/** +CIPRXGET: 2,<id>,<read>,<rest>. */
function plainLength(line: string): number {
  const fields = fieldsOf(line);
  return fields[0] === "2" ? Math.max(0, numberOf(fields[2])) : 0;
}

/** OK first, then +CCHRECV: DATA,<id>,<length> with the data behind it, and +CCHRECV: <id>,<error>. */
function readSecure(number: number): Exchange {
  const id = number - secureFrom;
  const result = "+CCHRECV: " + id + ",";
  return refine(exchange("AT+CCHRECV=" + id + "," + secureLimit, "+CCHRECV: DATA", patienceMs, true), {
    final: result + "0",
    failure: result,
    dataLength: secureLength,
  });
}

function secureLength(line: string): number {
  const fields = fieldsOf(line);
  return fields[0] === "DATA" ? Math.max(0, numberOf(fields[2])) : 0;
}

/** OK first, then +CIPCLOSE: <id>,0; a socket that is not open is refused. */
function closePlain(number: number): Exchange {
  return refine(wish("AT+CIPCLOSE=" + number, patienceMs), { final: "+CIPCLOSE: " + number + ",0" });
}

function closeSecure(number: number): Exchange {
  const id = number - secureFrom;
  return refine(wish("AT+CCHCLOSE=" + id, patienceMs), { final: "+CCHCLOSE: " + id + ",0" });
}

export const simcomTcp: StreamTalk = {
  firstNumber: 0,
  numberCount: 10,
  chunkLimit: plainLimit,
  create: undefined,
  connect: connectPlain,
  openFaultOf: plainFaultOf,
  send: sendPlain,
  sentOf: sentPlain,
  askWaiting: (number) => exchange("AT+CIPRXGET=4," + number, "+CIPRXGET: 4,", patienceMs, true),
  waitingOf: (line) => {
    const fields = fieldsOf(line);
    return fields[0] === "4" ? Math.max(0, numberOf(fields[2])) : 0;
  },
  read: readPlain,
  readLengthOf: plainLength,
  close: closePlain,
};

export const simcomTls: StreamTalk = {
  firstNumber: secureFrom,
  numberCount: 2,
  chunkLimit: secureLimit,
  create: undefined,
  connect: connectSecure,
  openFaultOf: secureFaultOf,
  send: sendSecure,
  sentOf: sentSecure,
  askWaiting: () => exchange("AT+CCHRECV?", "+CCHRECV: LEN", patienceMs, true),
  // +CCHRECV: LEN,<of session 0>,<of session 1>.
  waitingOf: (line, number) => {
    const fields = fieldsOf(line);
    return fields[0] === "LEN" ? Math.max(0, numberOf(fields[1 + number - secureFrom])) : 0;
  },
  read: readSecure,
  readLengthOf: secureLength,
  close: closeSecure,
};
