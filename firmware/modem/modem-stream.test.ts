import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { TalkStep } from "../../protocol/at/recorded-talk.ts";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { StreamBench } from "./test-bench.ts";

function play(bench: StreamBench, step: TalkStep): void {
  switch (step.kind) {
    case "say":
      expect(bench.desk.said()).toBe(step.text);
      return;
    case "hear":
      bench.desk.hear(step.text);
      return;
    case "open":
      bench.open(step.host, step.port, step.text === "" ? undefined : step.text);
      return;
    case "write":
      bench.stream?.write(ascii(step.text));
      return;
    case "shut":
      bench.stream?.close();
      return;
    case "look-up":
      bench.lookUp(step.host);
      return;
    default:
      return;
  }
}

const vendors = ["quectel", "simcom", "ublox"];
const talks = vendors
  .map((vendor) => readFileSync(new URL(`../../protocol/vectors/at/${vendor}-streams.txt`, import.meta.url), "utf8"))
  .flatMap(talksOf);

test.each(talks)("the driver follows the recorded talk: $title", (talk) => {
  const begin = talk.steps[0] as TalkStep;
  const bench = new StreamBench(begin.host, begin.text);
  for (const step of talk.steps.slice(1)) play(bench, step);
  bench.desk.clock.runFor(1);
  expect(bench.desk.said()).toBe("");
  const texts = (kind: string): string[] => talk.steps.filter((step) => step.kind === kind).map((step) => step.text);
  expect(textOf(bench.heard, 0, bench.heard.length)).toBe(texts("data").join(""));
  const ended = texts("hang-up").map(() => "connection-lost");
  expect(bench.faults).toEqual(texts("refuse").concat(ended));
  const answers = texts("look-up").map((address) => (address === "" ? [] : [address]));
  expect(bench.addresses).toEqual(answers);
  if (texts("accept").length > 0)
    expect(bench.proof).toBe(talk.title.includes("chain and name are checked") ? "checked" : "unverified");
});
