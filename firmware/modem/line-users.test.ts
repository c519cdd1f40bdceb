import { expect, test } from "vitest";
import type { Fact } from "../../protocol/at/answers.ts";
import { order, query } from "../../protocol/at/commands.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { Answer } from "./at-session.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import { answerTo, bringUp, Desk } from "./test-bench.ts";

/** A user of the line that notes everything. */
class Note implements LineUser {
  readonly needsContext: boolean;
  readonly log: string[] = [];
  readonly facts: Fact[] = [];
  readonly lines: string[] = [];
  wants: string[] = [];

  constructor(needsContext: boolean) {
    this.needsContext = needsContext;
  }
  next(): LineJob | undefined {
    const text = this.wants[0];
    return text === undefined ? undefined : { user: this, exchange: order(text, 5_000), payload: undefined };
  }
  begun(job: LineJob): void {
    this.wants.shift();
    this.log.push(`begun ${job.exchange.text}`);
  }
  answered(_job: LineJob, answer: Answer): void {
    this.log.push(`answered ${answer.final}`);
  }
  unanswered(): void {
    this.log.push("unanswered");
  }
  hear(fact: Fact): void {
    this.facts.push(fact);
  }
  hearLine(line: string): void {
    this.lines.push(line);
  }
  begin(address: string): void {
    this.log.push(`begin ${address}`);
  }
  end(): void {
    this.log.push("end");
  }
}

/** Answers the modem's own work until it stands in a pause, because the network gives no context. */
function withoutContext(desk: Desk): void {
  for (let turn = 0; turn < 60; turn++) {
    const said = desk.said();
    const refused = said === "AT+QIACT=1\r";
    if (said === "") desk.clock.runFor(100);
    else if (said === "AT+QIACT?\r" || refused) desk.hear(refused ? "\r\nERROR\r\n" : "\r\nOK\r\n");
    else desk.hear(answerTo(said, "EG95"));
    if (refused) return;
  }
  throw new Error("never attaching");
}

test("who needs no context is served while the network refuses one, and the pause goes on where it was", () => {
  const desk = new Desk({});
  const phone = new Note(false);
  const other = new Note(true);
  desk.modem.attach(phone);
  desk.modem.attach(other);
  withoutContext(desk);
  expect(phone.log).toEqual(["begin "]);
  other.wants = ["AT+OTHER"];
  desk.modem.wake();
  expect(desk.said()).toBe("");
  // The first wait after a failure is 500 ms; 60 of them have passed with the refusal.
  desk.clock.runFor(140);
  phone.wants = ["AT+PHONE"];
  desk.modem.wake();
  expect(desk.said()).toBe("AT+PHONE\r");
  desk.clock.runFor(200);
  desk.hear("\r\nOK\r\n");
  expect(phone.log).toEqual(["begin ", "begun AT+PHONE", "answered OK"]);
  expect(desk.said()).toBe("");
  desk.clock.runFor(39);
  expect(desk.said()).toBe("");
  desk.clock.runFor(1);
  expect(desk.said()).toBe("AT+COPS?\r");
  expect(other.log).toEqual([]);
});

test("a lost registration ends the service of all, one that comes into an exchange after it", () => {
  const desk = new Desk({});
  const phone = new Note(false);
  desk.modem.attach(phone);
  withoutContext(desk);
  phone.wants = ["AT+PHONE"];
  desk.modem.wake();
  desk.hear("\r\n+CEREG: 2\r\n\r\n+CREG: 2\r\n");
  expect(phone.log).toEqual(["begin ", "begun AT+PHONE"]);
  desk.hear("\r\nOK\r\n");
  expect(phone.log).toEqual(["begin ", "begun AT+PHONE", "answered OK", "end"]);
  phone.wants = ["AT+PHONE"];
  desk.modem.wake();
  expect(desk.modem.report.at).toBe("registering");
  expect(phone.log).toHaveLength(4);
});

test("silence to a lent exchange in a pause is sounded, and the modem's own work goes on", () => {
  const desk = new Desk({});
  const phone = new Note(false);
  desk.modem.attach(phone);
  withoutContext(desk);
  desk.said();
  phone.wants = ["AT+PHONE"];
  desk.modem.wake();
  desk.clock.runFor(5_000);
  expect(desk.said()).toBe("AT+PHONE\rAT+CSQ\r");
  expect(phone.log[2]).toBe("unanswered");
  desk.hear("\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
  expect(desk.said()).toBe("AT+CSQ\r");
  desk.hear("\r\nOK\r\n");
  expect(desk.modem.report.at).toBe("attaching");
});

test("the attached are served before any socket, in the order they came; all hear the news", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  const phone = new Note(false);
  const messages = new Note(true);
  desk.modem.attach(phone);
  desk.modem.attach(messages);
  expect([phone.log, messages.log]).toEqual([["begin "], ["begin 10.1.2.3"]]);
  desk.socket.send(ascii("x"), { host: "192.0.2.9", port: 5060 });
  desk.socket.send(ascii("y"), { host: "192.0.2.9", port: 5060 });
  messages.wants = ["AT+THIRD"];
  phone.wants = ["AT+FIRST", "AT+SECOND"];
  const said: string[] = [desk.said()];
  desk.hear("\r\n> ");
  desk.said();
  for (let turn = 0; turn < 4; turn++) {
    desk.hear(turn === 0 ? "\r\nSEND OK\r\n" : "\r\nOK\r\n");
    said.push(desk.said());
  }
  const send = 'AT+QISEND=0,1,"192.0.2.9",5060\r';
  expect(said).toEqual([send, "AT+FIRST\r", "AT+SECOND\r", "AT+THIRD\r", send]);
  desk.hear('\r\n+CSQ: 9,99\r\n\r\n+CMTI: "SM",3\r\n\r\nRING\r\n');
  for (const user of [phone, messages]) {
    expect(user.facts).toContainEqual({ type: "signal", signal: 9 });
    expect(user.lines.slice(-2)).toEqual(['+CMTI: "SM",3', "RING"]);
  }
});

test("a restart takes the line from everybody, and the job on it is told so first", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  const user = new Note(true);
  desk.modem.attach(user);
  user.wants = ["AT+LONG"];
  desk.modem.wake();
  desk.hear("\r\nRDY\r\n");
  expect(user.log).toEqual(["begin 10.1.2.3", "begun AT+LONG", "unanswered", "end"]);
});

test("every line of an answer reaches who asked, also those without the promised beginning", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  const user = new Note(false);
  user.next = () =>
    user.wants.length === 0 ? undefined : { user, exchange: query("AT+CMGR=1", "+CMGR:", 5_000), payload: undefined };
  user.wants = ["AT+CMGR=1"];
  desk.modem.attach(user);
  desk.hear("\r\n+CMGR: 1,,20\r\n0791ABCDEF\r\n\r\nOK\r\n");
  expect(user.lines).toEqual(["+CMGR: 1,,20", "0791ABCDEF"]);
  expect(user.log[2]).toBe("answered OK");
});

test("four can be attached, a fifth is a mistake of the caller", () => {
  const desk = new Desk({});
  for (let i = 0; i < 4; i++) desk.modem.attach(new Note(false));
  expect(() => desk.modem.attach(new Note(false))).toThrow("too many users");
});
