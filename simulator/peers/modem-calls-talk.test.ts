import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dialectOf } from "../../protocol/at/dialects.ts";
import { type Talk, type TalkStep, talksOf } from "../../protocol/at/recorded-talk.ts";
import { voiceDialectOf } from "../../protocol/at/voice-dialects.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { Call, Party, Side } from "../house/phone-exchange.ts";
import { Stand } from "./modem-stand.ts";
import { ModemTelephone } from "./modem-telephone.ts";

const home = "+46701110001";
const nobody: Side = { onAnswered: () => {}, onEnded: () => {}, onKey: () => {} };
/** News comes within it, and the second ring of a call does not. */
const stepMs = 500;

/** A modem's stand-in with a telephone, and the far side in the test's hands. */
class CallStand {
  readonly stand: Stand;
  private readonly telephone: ModemTelephone;
  private call: Call | undefined;
  private party: Party = "callee";

  constructor(model: string) {
    this.telephone = new ModemTelephone({ model, number: home });
    this.stand = new Stand({ model, answerMs: { least: 20, most: 20 }, parts: [this.telephone.part] });
    this.stand.openContext(model);
  }

  setUp(model: string): void {
    for (const { text } of voiceDialectOf(dialectOf(model)?.name ?? "").setUp) this.stand.ask(`${text}\r`);
  }

  do(step: TalkStep): void {
    const call = this.call;
    if (step.kind === "say") this.stand.peer.receive(ascii(step.text));
    else if (step.kind === "dial") this.expectCall(step.host);
    else if (step.kind === "ring") {
      this.party = "caller";
      this.call = this.telephone.exchange.call(step.host, home, nobody);
    } else if (step.kind === "accept") call?.answer();
    else if (step.kind === "press") call?.press(this.party, step.text);
    else if (step.kind === "hang-up") call?.hangUp(this.party);
    else if (step.kind === "refuse" && step.text === "busy") call?.hangUp("callee");
    else if (step.kind === "refuse") call?.giveUp();
  }

  private expectCall(number: string): void {
    this.party = "callee";
    this.telephone.exchange.connect(number, {
      ring: (_from, call) => {
        this.call = call;
        return nobody;
      },
    });
  }
}

for (const vendor of ["quectel", "simcom", "ublox"] as const) {
  const file = new URL(`../../protocol/vectors/at/${vendor}-calls.txt`, import.meta.url);
  talksOf(readFileSync(file, "utf8")).forEach((talk: Talk, index) => {
    test(`the stand-in says what the talk says: ${talk.title}`, () => {
      const { host: model } = talk.steps[0] as TalkStep;
      const calls = new CallStand(model);
      if (index > 0) calls.setUp(model);
      calls.stand.saidAfter(0);
      let expected = "";
      for (const step of talk.steps) {
        if (step.kind === "hear") {
          expected += step.text;
          continue;
        }
        expect(calls.stand.saidAfter(stepMs)).toBe(expected);
        expected = "";
        calls.do(step);
      }
      expect(calls.stand.saidAfter(stepMs)).toBe(expected);
    });
  });
}
