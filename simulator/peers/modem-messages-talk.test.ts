import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import { SmsCentre } from "../network/sms-centre.ts";
import { IdentityPart } from "./modem-identity.ts";
import { MessagesPart } from "./modem-messages.ts";
import { Stand } from "./modem-stand.ts";

const number = "+46701111111";
const models: Readonly<Record<string, string>> = { quectel: "EG95", simcom: "SIMCOM_SIM7600E", ublox: "SARA-R510S" };
/** A message comes while the command behind its sending is answered. */
const delayMs = { least: 20_000, most: 20_000 };
const stepMs = 15_000;

for (const [vendor, model] of Object.entries(models)) {
  const file = new URL(`../../protocol/vectors/at/${vendor}-sms.txt`, import.meta.url);
  for (const talk of talksOf(readFileSync(file, "utf8"))) {
    test(`the stand-in says what the talk has: ${model}, ${talk.title}`, () => {
      const withoutCardCommand = talk.title.includes("without");
      const stand = new Stand({
        model,
        parts: [
          (modem) => {
            const { after, below } = modem.host;
            // The centre's clock stands, so that the stamp is the talk's.
            const host = { nowMs: () => 0, after: after.bind(modem.host), below: below.bind(modem.host) };
            const centre = new SmsCentre(host, { delayMs, startWallMs: Date.UTC(2026, 2, 2, 6, 10, 5) });
            return new MessagesPart(modem, { number, centre });
          },
          (modem) =>
            new IdentityPart(modem, { model, number, iccid: () => "89462036051000000012", withoutCardCommand }),
        ],
      });
      stand.ask("ATE0\r");
      let expected = "";
      for (const step of talk.steps) {
        if (step.kind === "hear") expected += step.text;
        if (step.kind !== "say") continue;
        expect(stand.saidAfter(stepMs)).toBe(expected);
        expected = "";
        stand.peer.receive(ascii(step.text));
      }
      expect(stand.saidAfter(stepMs)).toBe(expected);
    });
  }
}
