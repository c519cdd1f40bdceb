import { expect, test } from "vitest";
import { found } from "../config/requires.ts";
import type { Engine } from "./engine.ts";
import { espruinoEngine, espruinoProgram } from "./espruino-engine.ts";
import { nodeEngine } from "./node-engine.ts";
import { recordRadioTalk } from "./radio-talk.ts";
import { scriptOf } from "./scripts.ts";
import { xsEngine } from "./xs-engine.ts";
import { xsIsHere } from "./xs-worker.ts";

const talk = recordRadioTalk();
const espruino = espruinoProgram();
const engines = [
  { name: "Node", ...found("node", true, ""), target: "xsnap", engine: (): Engine => nodeEngine() },
  {
    name: "XS",
    ...found("xs", xsIsHere(), "XS is not here: npm ci --prefix tools/engines/xs (compiles for a minute)"),
    target: "xsnap",
    engine: (): Engine => xsEngine,
  },
  {
    name: "Espruino",
    ...found("espruino", espruino !== undefined, "LIVLINA_ESPRUINO names no interpreter"),
    target: "espruino",
    engine: (): Engine => espruinoEngine(espruino ?? ""),
  },
] as const;

test("the talk has all that a driver meets: start, frames both ways, a taken channel, sleep, a reset, energy", () => {
  const said = talk.told.join("");
  for (const part of ["reset\n", "readable 1\n", "packet '2121", "spi '8404'", "spi '83", "busy 2000\n"])
    expect(said).toContain(part);
  expect(said.match(/^reset$/gm)).toHaveLength(2);
  expect(said.match(/^spi /gm)?.length).toBeGreaterThan(100);
});

for (const { name, here, reason, target, engine } of engines)
  test(`on ${name} the driver of the SX1262 says to its chip, byte by byte, what it says here`, {
    timeout: 120_000,
  }, async (context) => {
    if (!here) context.skip(reason);
    const session = await engine().open(await scriptOf("radio-talk", target));
    try {
      for (const [index, line] of talk.lines.entries())
        expect(`${index}: ${await session.vectors("talk", JSON.stringify(line))}`).toBe(
          `${index}: ${talk.told[index]}`,
        );
    } finally {
      await session.close();
    }
  });
