import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readBenchFile } from "../bench/bench-file.ts";

test("the example of a bench is one, and has an actuator for everything that moves", () => {
  const { name, actuators = [] } = readBenchFile(fileURLToPath(new URL("cellar.yaml", import.meta.url)));
  expect(name).toBe("cellar");
  expect(new Set(actuators.map(({ moves }) => moves))).toEqual(
    new Set(["mains", "battery", "network", "sim", "press", "attenuation"]),
  );
});
