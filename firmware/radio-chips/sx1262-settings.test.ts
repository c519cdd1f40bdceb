import { expect, test } from "vitest";
import { type Sx1262Settings, sx1262Defaults, sx1262Fault, sx1262On } from "./sx1262-settings.ts";

test("the settings as they are, and those of a board, are sound", () => {
  expect(sx1262Fault(sx1262Defaults)).toBe(undefined);
  expect(sx1262Fault(sx1262On(0, false, true))).toBe(undefined);
  expect(sx1262On(1_800, true, false)).toEqual(sx1262Defaults);
});

test.each<[Partial<Sx1262Settings>, boolean]>([
  [{ frequencyHz: 869_212_500 }, true],
  [{ frequencyHz: 869_212_499 }, false],
  [{ frequencyHz: 869_237_500 }, true],
  [{ frequencyHz: 869_237_501 }, false],
  [{ deviationHz: 2_399 }, false],
  [{ deviationHz: 7_700 }, true],
  [{ deviationHz: 7_701 }, false],
  [{ powerDbm: 10 }, true],
  [{ powerDbm: 11 }, false],
  [{ powerDbm: -9 }, true],
  [{ powerDbm: -10 }, false],
  [{ tcxoMv: 3_300 }, true],
  [{ tcxoMv: 1_801 }, false],
  [{ looks: 1 }, true],
  [{ looks: 0 }, false],
  [{ looks: 16 }, true],
  [{ looks: 17 }, false],
  [{ sniffUs: 1_000 }, false],
  [{ restUs: 1_000 }, false],
  [{ sniffUs: 1_000, restUs: 3_000 }, true],
  [{ sniffUs: 1_000, restUs: 3_001 }, false],
])("%j is sound: %j", (change, isSound) => {
  expect(sx1262Fault({ ...sx1262Defaults, ...change }) === undefined).toBe(isSound);
});
