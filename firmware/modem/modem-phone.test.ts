import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dialectOf } from "../../protocol/at/dialects.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { type Talk, type TalkStep, talksOf } from "../../protocol/at/recorded-talk.ts";
import { simcom } from "../../protocol/at/simcom.ts";
import type { SpeechMode } from "../ports/voice.ts";
import { PhoneDesk } from "./phone-bench.ts";

const okay = "\r\nOK\r\n";

function play(desk: PhoneDesk, step: TalkStep): void {
  if (step.kind === "say") expect(desk.said(5_000)).toBe(step.text);
  else if (step.kind === "hear") desk.hear(step.text);
  else if (step.kind === "dial") desk.phone.dial(step.host, step.text as SpeechMode);
  else if (step.kind === "take") desk.phone.answer(step.text as SpeechMode);
  else if (step.kind === "speak") desk.phone.speak(step.text as SpeechMode);
  else if (step.kind === "shut") desk.phone.hangUp();
}

/** What a talk makes the telephone tell. */
function toldIn(talk: Talk): string[] {
  const told: string[] = [];
  let isUp = false;
  for (const { kind, host, text } of talk.steps) {
    if (kind === "accept") told.push("answered");
    else if (kind === "press") told.push(`key ${text}`);
    else if (kind === "ring") told.push(`incoming ${host}`);
    else if (kind === "refuse") told.push(`ended ${text}`);
    else if (kind === "hang-up") told.push(isUp ? "ended over" : "ended no-answer");
    if (kind === "take" || kind === "accept") isUp = true;
  }
  return told;
}

for (const vendor of ["quectel", "simcom", "ublox"]) {
  const file = new URL(`../../protocol/vectors/at/${vendor}-calls.txt`, import.meta.url);
  talksOf(readFileSync(file, "utf8")).forEach((talk, index) => {
    test(`the telephone follows the talk: ${talk.title}`, () => {
      const desk = new PhoneDesk();
      const dialect = dialectOf((talk.steps[0] as TalkStep).host);
      if (dialect === undefined) throw new Error("a model without a dialect");
      desk.begin(dialect);
      if (index > 0) while (desk.said(0) !== "") desk.hear(okay);
      for (const step of talk.steps) play(desk, step);
      expect(desk.said(900)).toBe("");
      expect(desk.told).toEqual(toldIn(talk));
      expect(desk.busy).toEqual([true, false]);
    });
  });
}

/** Says OK to everything until nothing is said. */
function obey(desk: PhoneDesk): string[] {
  const all: string[] = [];
  for (let said = desk.said(0); said !== ""; said = desk.said(0)) {
    all.push(said.trim());
    desk.hear(okay);
  }
  return all;
}

function ready(): PhoneDesk {
  const desk = new PhoneDesk();
  desk.begin(quectel);
  obey(desk);
  return desk;
}

/** A call that this unit has made, and that is up. */
function talking(mode: SpeechMode = "duplex"): PhoneDesk {
  const desk = ready();
  desk.phone.dial("+4681000", mode);
  obey(desk);
  list(desk, "1,0,0,0,0");
  list(desk, "1,0,0,0,0");
  expect([desk.told, desk.said(0)]).toEqual([["answered"], ""]);
  return desk;
}

/** Answers the list that is asked for next, within three seconds. */
function list(desk: PhoneDesk, ...calls: string[]): void {
  expect(desk.said(3_100)).toBe("AT+CLCC\r");
  desk.hear(calls.map((call) => `\r\n+CLCC: ${call}\r\n`).join("") + okay);
}

test("a number that is none, a modem that cannot be used and one without voice are told as failed, and never inside the call", () => {
  const cases: ((desk: PhoneDesk) => void)[] = [
    (desk) => desk.phone.dial("*21*0701234567#", "duplex"),
    (desk) => desk.phone.dial("112;+CFUN=0", "duplex"),
    (desk) => {
      desk.phone.end();
      desk.phone.dial("112", "duplex");
    },
    (desk) => {
      desk.capable = false;
      desk.phone.dial("112", "duplex");
    },
  ];
  for (const dial of cases) {
    const desk = ready();
    dial(desk);
    expect(desk.told).toEqual([]);
    desk.clock.runFor(0);
    expect(desk.told).toEqual(["ended failed"]);
    expect([desk.said(0), desk.busy]).toEqual(["", []]);
  }
});

test("a call into another one is a mistake of the caller", () => {
  const desk = talking();
  expect(() => desk.phone.dial("112", "duplex")).toThrow("into another call");
});

test("a call dialled while the last one ends waits for the line, and for no longer than half a minute", () => {
  const desk = talking();
  desk.phone.hangUp();
  desk.phone.dial("+4687654321", "duplex");
  expect(desk.said(0)).toBe("AT+CHUP\r");
  desk.hear(okay);
  list(desk, "1,0,0,0,0");
  expect(desk.said(600)).toBe("AT+CHUP\r");
  desk.hear(okay);
  list(desk);
  expect(obey(desk)).toEqual(["AT+CMUT=0", "ATD+4687654321;"]);
  const stuck = talking();
  stuck.phone.hangUp();
  stuck.phone.dial("+4687654321", "duplex");
  for (let turn = 0; turn < 100 && stuck.told.length === 1; turn++)
    if (stuck.said(1_000) === "AT+CLCC\r") stuck.hear("\r\n+CLCC: 1,0,0,0,0\r\n" + okay);
    else stuck.hear(okay);
  expect(stuck.told).toEqual(["answered", "ended failed"]);
  expect(stuck.clock.nowMs()).toBeLessThan(60_000);
});

test("a list without the call ends it only the second time, and at once where the modem has said so", () => {
  const lost = talking();
  lost.clock.runFor(119_000);
  list(lost);
  expect(lost.told).toEqual(["answered"]);
  list(lost);
  expect(lost.told).toEqual(["answered", "ended lost"]);
  const over = talking();
  over.hear("\r\nNO CARRIER\r\n");
  expect(over.told).toEqual(["answered"]);
  list(over);
  expect(over.told).toEqual(["answered", "ended over"]);
  const stale = talking();
  stale.hear("\r\nNO CARRIER\r\n");
  list(stale, "1,0,0,0,0");
  expect(stale.told).toEqual(["answered"]);
});

test("a modem that cannot list its calls is believed", () => {
  const desk = talking();
  desk.hear("\r\nNO CARRIER\r\n");
  expect(desk.said(0)).toBe("AT+CLCC\r");
  desk.hear("\r\nERROR\r\n");
  expect(desk.told).toEqual(["answered", "ended over"]);
  expect(desk.said(0)).toBe("AT+CHUP\r");
  desk.hear(okay);
  expect(desk.said(0)).toBe("AT+CLCC\r");
  desk.hear("\r\nERROR\r\n");
  expect(desk.busy).toEqual([true, false]);
});

test("data that a modem lists among its calls is none of them", () => {
  const desk = talking();
  desk.hear("\r\nNO CARRIER\r\n");
  list(desk, '1,0,0,1,0,"",128');
  expect(desk.told).toEqual(["answered", "ended over"]);
  expect(desk.busy).toEqual([true, false]);
});

test("keys that come before the modem has said that the call is up are told after it", () => {
  const desk = ready();
  desk.phone.dial("112", "duplex");
  obey(desk);
  desk.hear("\r\n+QTONEDET: 48\r\n\r\n+QTONEDET: 65\r\n");
  expect(desk.told).toEqual([]);
  list(desk, "1,0,0,0,0");
  expect(desk.told).toEqual(["answered", "key 0"]);
});

test("what a vendor's line says of an end is why only where no result code follows", () => {
  const busy = new PhoneDesk();
  busy.begin(simcom);
  obey(busy);
  busy.phone.dial("112", "duplex");
  obey(busy);
  busy.hear("\r\nVOICE CALL: END\r\n");
  busy.clock.runFor(300);
  busy.hear("\r\nBUSY\r\n");
  expect(busy.told).toEqual(["ended busy"]);
  const alerted = ready();
  alerted.phone.dial("112", "duplex");
  obey(alerted);
  list(alerted, "1,0,3,0,0");
  alerted.hear("\r\n+UCALLSTAT: 1,6\r\n");
  expect(alerted.told).toEqual([]);
  list(alerted);
  expect(alerted.told).toEqual(["ended no-answer"]);
});

test("a number that comes with no +CLIP is asked for, and a ring whose end nobody told is over", () => {
  const desk = ready();
  desk.hear("\r\nRING\r\n");
  expect(desk.said(500)).toBe("");
  list(desk, '1,1,4,0,0,"4681000",129');
  expect(desk.told).toEqual(["incoming 4681000"]);
  for (let ring = 0; ring < 5; ring++) {
    desk.clock.runFor(3_000);
    desk.hear("\r\nRING\r\n");
  }
  expect(desk.said(0)).toBe("");
  desk.clock.runFor(7_000);
  list(desk, '1,1,4,0,0,"4681000",129');
  desk.clock.runFor(7_000);
  list(desk);
  expect(desk.told.length).toBe(1);
  desk.clock.runFor(7_000);
  list(desk);
  expect(desk.told).toEqual(["incoming 4681000", "ended no-answer"]);
});

test("a call that rang before the unit could hear it is told, and one that is left over is hung up", () => {
  const ringing = new PhoneDesk();
  ringing.begin(quectel);
  for (let said = ringing.said(0); said !== "AT+CLCC\r"; said = ringing.said(0)) ringing.hear(okay);
  ringing.hear('\r\n+CLCC: 1,1,4,0,0,"+4681000",145\r\n' + okay);
  expect(ringing.told).toEqual(["incoming +4681000"]);
  const left = new PhoneDesk();
  left.begin(quectel);
  for (let said = left.said(0); said !== "AT+CLCC\r"; said = left.said(0)) left.hear(okay);
  left.hear('\r\n+CLCC: 1,0,0,0,0,"+4681000",145\r\n' + okay);
  expect(left.said(0)).toBe("AT+CHUP\r");
});

test("a fax or a data call is nobody's", () => {
  const desk = ready();
  desk.hear("\r\n+CRING: REL ASYNC\r\n");
  desk.clock.runFor(5_000);
  expect([desk.told, desk.said(0)]).toEqual([[], ""]);
});

test("an answer that was refused is tried again while it rings, three times in all", () => {
  const desk = ready();
  desk.hear('\r\nRING\r\n\r\n+CLIP: "+4681000",145\r\n');
  desk.phone.answer("duplex");
  let tries = 0;
  for (let turn = 0; turn < 20; turn++) {
    const said = desk.said(0);
    if (said === "ATA\r") tries++;
    if (said === "AT+CHUP\r") break;
    desk.hear(said === "ATA\r" ? "\r\nERROR\r\n" : said === "AT+CLCC\r" ? "\r\n+CLCC: 1,1,4,0,0\r\n" + okay : okay);
  }
  expect(tries).toBe(3);
  expect(desk.told).toEqual(["incoming +4681000", "ended lost"]);
});

test("what is refused in a call is said three times, and again when somebody chooses anew", () => {
  const desk = talking();
  desk.phone.speak("talk");
  let refusals = 0;
  for (let said = desk.said(0); said !== ""; said = desk.said(0)) {
    if (said === "AT+CMUT=1\r") refusals++;
    desk.hear("\r\nERROR\r\n");
  }
  expect(refusals).toBe(3);
  desk.phone.speak("talk");
  expect(desk.said(0)).toBe("AT+CMUT=1\r");
});

test("the loudness has five steps, and stays from call to call", () => {
  const desk = talking();
  for (let step = 0; step < 9; step++) desk.phone.volume(-1);
  expect(obey(desk)).toEqual(["AT+CLVL=3", "AT+CLVL=1"]);
  for (let step = 0; step < 2; step++) desk.phone.volume(1);
  expect(obey(desk)).toEqual(["AT+CLVL=2", "AT+CLVL=3"]);
  desk.phone.hangUp();
  obey(desk);
  desk.phone.dial("112", "duplex");
  expect(obey(desk)).toEqual(["AT+CMUT=0", "ATD112;"]);
});

test("a call outlives half a minute without a modem, and is lost after it", () => {
  const desk = talking();
  desk.phone.end();
  desk.clock.runFor(20_000);
  desk.begin(quectel);
  for (let said = desk.said(0); said !== ""; said = desk.said(0))
    desk.hear((said === "AT+CLCC\r" ? "\r\n+CLCC: 1,0,0,0,0\r\n" : "") + okay);
  desk.clock.runFor(60_000);
  expect(desk.told).toEqual(["answered"]);
  desk.phone.end();
  desk.clock.runFor(29_999);
  expect(desk.told).toEqual(["answered"]);
  desk.clock.runFor(31_000);
  expect(desk.told).toEqual(["answered", "ended lost"]);
  expect(desk.busy).toEqual([true, false]);
});

test("after close nothing is told, and whoever calls hears busy", () => {
  const desk = talking();
  desk.phone.close();
  expect(obey(desk)).toEqual(["AT+CHUP", "AT+CLCC"]);
  desk.hear('\r\nRING\r\n\r\n+CLIP: "+4681000",145\r\n');
  expect(desk.said(0)).toBe("AT+CHUP\r");
  expect(desk.told).toEqual(["answered"]);
});
