import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import { type Talk, type TalkStep, talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { Stand } from "./modem-stand.ts";

const authority = "the lab's authority";

function talksWith(name: string): Talk[] {
  return talksOf(readFileSync(new URL(`../../protocol/vectors/at/${name}.txt`, import.meta.url), "utf8"));
}

/** The network's side of a talk: what `step` says becomes of the one connection, or of the one name. */
function doDeed(stand: Stand, step: TalkStep): void {
  const stream = stand.bearer.streams[0];
  switch (step.kind) {
    case "say":
      stand.peer.receive(ascii(step.text));
      return;
    case "look-up":
      if (step.text !== "") stand.bearer.names.set(step.host, step.text);
      return;
    case "accept":
      stream?.options.onReady({ host: "10.1.2.3", port: 49_152 }, "checked");
      return;
    case "refuse":
      stream?.options.onFault(step.text as StreamFault);
      return;
    case "data":
      stream?.arrive(ascii(step.text));
      return;
    case "hang-up":
      stream?.options.onFault("connection-lost");
      return;
    default:
      return;
  }
}

/** What the certificate of that talk's server is checked for: only some modems can look at its name, and only where they know it. */
function checksIn({ title, steps }: Talk): string {
  const [begin] = steps;
  if (begin?.text === "") return "nothing";
  return begin?.host.startsWith("SIMCOM") || title.includes("cannot be checked") ? "chain" : "chain-and-name";
}

for (const talk of talksWith("quectel-streams").concat(talksWith("simcom-streams"), talksWith("ublox-streams"))) {
  test(`the stand-in says what the talk says: ${talk.title}`, () => {
    const { host: model, text: file } = talk.steps[0] as TalkStep;
    const files = file === "" ? [] : [{ name: file.replace("UFS:", ""), text: authority }];
    const stand = new Stand({ model, files });
    stand.bearer.answers = () => undefined;
    stand.openContext(model);
    let expected = "";
    for (const step of talk.steps) {
      if (step.kind === "hear") {
        expected += step.text;
        continue;
      }
      expect(stand.saidAfter(5_000)).toBe(expected);
      expected = "";
      doDeed(stand, step);
    }
    expect(stand.saidAfter(5_000)).toBe(expected);
    const written = talk.steps.filter((step) => step.kind === "write").map((step) => step.text);
    const [stream] = stand.bearer.streams;
    expect((stream?.written ?? []).map((bytes) => textOf(bytes, 0, bytes.length))).toEqual(written);
    const asked = talk.steps.find((step) => step.kind === "open");
    expect(stream?.options.to).toEqual(asked === undefined ? undefined : { host: asked.host, port: asked.port });
    if (talk.steps.some((step) => step.kind === "shut")) expect(stream?.isClosed).toBe(true);
    if (asked === undefined || asked.text === "") expect(stream?.options.serverName).toBeUndefined();
    else expect(stream?.options.checks).toBe(checksIn(talk));
    if (stream !== undefined && file !== "") expect(stream.options.authorities).toEqual([authority]);
  });
}
