/** Plays the recorded talks of `protocol/vectors/at` to the modem's drivers, and reads each line of those about short messages. */

import { PhoneDesk } from "../../../firmware/modem/phone-bench.ts";
import { Desk, StreamBench } from "../../../firmware/modem/test-bench.ts";
import type { SpeechMode } from "../../../firmware/ports/voice.ts";
import { commonFactOf } from "../../../protocol/at/answers.ts";
import { callNewsOf, callOf } from "../../../protocol/at/calls.ts";
import { dialectOf } from "../../../protocol/at/dialects.ts";
import { type Talk, type TalkStep, talksOf } from "../../../protocol/at/recorded-talk.ts";
import { pduOf, smsHeaderOf, smsNewsOf } from "../../../protocol/at/sms.ts";
import { decodeDeliver } from "../../../protocol/at/sms-pdu.ts";
import { ascii } from "../../../protocol/text/utf8.ts";
import { textOf } from "./parts.ts";

export type TalkKind = "datagrams" | "streams" | "calls" | "messages";

/** Lines that a driver said otherwise than the talk has it begin so. */
export const different = "DIFFERENT ";

/** What came of every talk of the file, a line each: what was said, and what the driver told at the end. */
export function talkText(kind: TalkKind, file: string): string {
  const talks = talksOf(file);
  let text = "";
  for (let i = 0; i < talks.length; i++) {
    const talk = talks[i] as Talk;
    text += "== " + talk.title + "\n" + played(kind, talk, i === 0);
  }
  return text;
}

function played(kind: TalkKind, talk: Talk, isFirst: boolean): string {
  switch (kind) {
    case "datagrams":
      return datagramTalk(talk);
    case "streams":
      return streamTalk(talk);
    case "calls":
      return callTalk(talk, isFirst);
    case "messages":
      return linesRead(talk);
  }
}

function compared(said: string, wanted: string): string {
  return (said === wanted ? "" : different) + textOf(said) + "\n";
}

function datagramTalk(talk: Talk): string {
  const desk = new Desk({});
  desk.said();
  let at = 0;
  for (; (talk.steps[at] as TalkStep).kind !== "say"; at++) desk.hear((talk.steps[at] as TalkStep).text);
  while (desk.written === "") desk.clock.runFor(100);
  let text = "";
  for (; at < talk.steps.length; at++) {
    const step = talk.steps[at] as TalkStep;
    if (step.kind === "say") text += compared(desk.said(), step.text);
    else if (step.kind === "hear") desk.hear(step.text);
    else if (step.kind === "send") desk.socket.send(ascii(step.text), { host: step.host, port: step.port });
  }
  return text + compared(desk.said(), "") + textOf(desk.heard) + textOf(desk.modem.report) + textOf(desk.times) + "\n";
}

function streamTalk(talk: Talk): string {
  const begin = talk.steps[0] as TalkStep;
  const bench = new StreamBench(begin.host, begin.text);
  let text = "";
  for (let i = 1; i < talk.steps.length; i++) {
    const step = talk.steps[i] as TalkStep;
    if (step.kind === "say") text += compared(bench.desk.said(), step.text);
    else if (step.kind === "hear") bench.desk.hear(step.text);
    else if (step.kind === "open") bench.open(step.host, step.port, step.text === "" ? undefined : step.text);
    else if (step.kind === "write" && bench.stream !== undefined) bench.stream.write(ascii(step.text));
    else if (step.kind === "shut" && bench.stream !== undefined) bench.stream.close();
    else if (step.kind === "look-up") bench.lookUp(step.host);
  }
  bench.desk.clock.runFor(1);
  text += compared(bench.desk.said(), "");
  return text + textOf(bench.heard) + textOf(bench.faults) + textOf(bench.addresses) + textOf(bench.proof) + "\n";
}

/** Behind the first talk of a file the telephone has been set up: the others begin there. */
function callTalk(talk: Talk, isFirst: boolean): string {
  const desk = new PhoneDesk();
  const dialect = dialectOf((talk.steps[0] as TalkStep).host);
  if (dialect === undefined) return different + "no dialect\n";
  desk.begin(dialect);
  if (!isFirst) while (desk.said(0) !== "") desk.hear("\r\nOK\r\n");
  let text = "";
  for (let i = 0; i < talk.steps.length; i++) {
    const step = talk.steps[i] as TalkStep;
    if (step.kind === "say") text += compared(desk.said(5_000), step.text);
    else if (step.kind === "hear") desk.hear(step.text);
    else if (step.kind === "dial") desk.phone.dial(step.host, step.text as SpeechMode);
    else if (step.kind === "take") desk.phone.answer(step.text as SpeechMode);
    else if (step.kind === "speak") desk.phone.speak(step.text as SpeechMode);
    else if (step.kind === "shut") desk.phone.hangUp();
  }
  return text + compared(desk.said(900), "") + textOf(desk.told) + textOf(desk.busy) + "\n";
}

/** What each heard line means to those who may read it. */
function linesRead(talk: Talk): string {
  let text = "";
  for (let i = 0; i < talk.steps.length; i++) {
    const step = talk.steps[i] as TalkStep;
    if (step.kind !== "hear") continue;
    const lines = step.text.split("\r\n");
    for (let n = 0; n < lines.length; n++) {
      const line = lines[n] as string;
      const pdu = pduOf(line);
      text += textOf([line, commonFactOf(line), callNewsOf(line), callOf(line), smsNewsOf(line), smsHeaderOf(line)]);
      text += (pdu.ok ? textOf(decodeDeliver(pdu.value)) : "") + "\n";
    }
  }
  return text;
}
