import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dialectOf } from "../../protocol/at/dialects.ts";
import type { TalkStep } from "../../protocol/at/recorded-talk.ts";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { HandClock } from "../sip/test-bench.ts";
import { AtSession } from "./at-session.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import { ModemMessages } from "./modem-messages.ts";
import { SimReader } from "./sim-reader.ts";

const models: Readonly<Record<string, string>> = { quectel: "EG95", simcom: "SIMCOM_SIM7600E", ublox: "SARA-R510S" };

/** A line in the test's hands, lent to one user whenever it is free. */
class Desk {
  said = "";
  readonly clock = new HandClock();
  readonly told: string[] = [];
  readonly logged: string[] = [];
  private readonly inbox: Uint8Array[] = [];
  private readonly session: AtSession;
  private onReadable = (): void => {};
  private user: LineUser | undefined;
  private job: LineJob | undefined;

  constructor() {
    this.session = new AtSession(
      (options) => {
        this.onReadable = () => options.onReadable(0);
        return {
          read: () => this.inbox.shift(),
          write: (bytes) => {
            this.said += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      {
        onAnswer: (answer) => {
          const job = this.job;
          this.job = undefined;
          if (job !== undefined) this.user?.answered(job, answer);
          this.serve();
        },
        onLine: (line) => {
          this.user?.hearLine(line);
          this.serve();
        },
        onPrompt: () => this.session.sayPayload(),
      },
    );
  }

  attach(user: LineUser, model: string): void {
    const dialect = dialectOf(model);
    if (dialect === undefined) throw new Error("no such dialect");
    this.user = user;
    user.begin("", dialect);
    this.serve();
  }

  hear(text: string): void {
    this.inbox.push(ascii(text));
    this.onReadable();
  }

  serve(): void {
    const job = this.job === undefined ? this.user?.next() : undefined;
    if (job === undefined) return;
    this.job = job;
    this.user?.begun(job);
    this.session.start(job.exchange, job.payload);
  }

  takeSaid(): string {
    const said = this.said;
    this.said = "";
    return said;
  }

  messages(): ModemMessages {
    return new ModemMessages({
      clock: this.clock,
      onWant: () => this.serve(),
      onReceived: (message) => this.told.push(message.from + ": " + message.text),
      onSent: (id) => this.told.push("sent " + id),
      onNotSent: (id, fault) => this.told.push(fault + " " + id),
      observe: (name, event, effects) => this.logged.push(JSON.stringify([name, event, effects])),
    });
  }
}

function order(step: TalkStep): { id: number; to: string; text: string; untilMs: number } {
  return { id: 1, to: step.host, text: step.text, untilMs: 540_000 };
}

for (const [vendor, model] of Object.entries(models)) {
  const file = new URL(`../../protocol/vectors/at/${vendor}-sms.txt`, import.meta.url);
  for (const talk of talksOf(readFileSync(file, "utf8"))) {
    test(`the driver says what the talk has: ${model}, ${talk.title}`, () => {
      const desk = new Desk();
      const messages = desk.messages();
      const seen: string[] = [];
      const reader = new SimReader({ onWant: () => desk.serve(), onIccid: (iccid) => seen.push(iccid) });
      const isMessages = talk.title.startsWith("a text");
      desk.attach(isMessages ? messages : reader, model);
      for (const step of talk.steps) {
        if (step.kind === "say") expect(desk.takeSaid()).toBe(step.text);
        else if (step.kind === "hear") desk.hear(step.text);
        else if (step.kind === "send") expect(messages.send(order(step))).toBe(true);
        else if (step.kind === "arrive") expect(desk.told).toContain(step.host + ": " + step.text);
      }
      expect(desk.takeSaid()).toBe("");
      expect(desk.told).toEqual(isMessages ? ["sent 1", "+46701111111: LIVLINA åäö"] : []);
      expect(seen).toEqual(isMessages ? [] : ["89462036051000000012"]);
    });
  }
}

test("what cannot be written as one message is refused at once", () => {
  const messages = new Desk().messages();
  const fine = { id: 1, to: "+46701234567", text: "Hej", untilMs: 1_000 };
  expect(messages.send({ ...fine, text: "a".repeat(161) })).toBe(false);
  expect(messages.send({ ...fine, text: "ж".repeat(71) })).toBe(false);
  expect(messages.send({ ...fine, to: "" })).toBe(false);
  expect(messages.send({ ...fine, to: "+" + "1".repeat(21) })).toBe(false);
  expect(messages.send({ ...fine, text: "ж".repeat(70) })).toBe(true);
});

test("the log names what was done, and holds no text and no number", () => {
  const desk = new Desk();
  const messages = desk.messages();
  messages.send({ id: 1, to: "+46701234567", text: "hemligt", untilMs: 1_000 });
  desk.attach(messages, "EG95");
  messages.hearLine("+CMT: ,23");
  messages.hearLine("07916407000000F0040B916407214365F700006230200000630004D4F0780D");
  expect(desk.told).toEqual(["+46701234567: Tack"]);
  expect(desk.logged.length).toBeGreaterThan(3);
  expect(desk.logged.join()).not.toMatch(/hemligt|Tack|4670|0791/);
});

test("an order that was called off is not sent, and one whose time is over is told so", () => {
  const desk = new Desk();
  const messages = desk.messages();
  messages.send({ id: 1, to: "+46701234567", text: "ett", untilMs: 60_000 });
  messages.send({ id: 2, to: "+46701234567", text: "två", untilMs: 60_000 });
  messages.cancel(1);
  desk.clock.runTo(60_000);
  expect(desk.told).toEqual(["in-vain 2"]);
});

test("the number of a +CME ERROR is no reason of the network's, and the message is tried again", () => {
  const desk = new Desk();
  const messages = desk.messages();
  desk.attach(messages, "EG95");
  for (let i = 0; i < 4; i++) desk.hear(i === 1 ? "\r\n+CPMS: 0,20,0,20,0,20\r\n\r\nOK\r\n" : "\r\nOK\r\n");
  messages.send({ id: 1, to: "+46701234567", text: "ett", untilMs: 600_000 });
  desk.hear("\r\n> ");
  desk.hear("\r\n+CME ERROR: 30\r\n");
  expect(desk.told).toEqual([]);
  desk.clock.runTo(10_000);
  desk.hear("\r\nOK\r\n");
  desk.hear("\r\n> ");
  desk.hear("\r\n+CMS ERROR: 30\r\n");
  expect(desk.told).toEqual(["refused 1"]);
});
