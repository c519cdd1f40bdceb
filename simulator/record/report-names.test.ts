import { expect, test } from "vitest";
import { accessoryTypes, happenings, meaningOf } from "../../protocol/radio/accessory-types.ts";
import { reportKinds, reportName, reportNames } from "./report-names.ts";

test("everything that an accessory can tell has a word", () => {
  const nameless: string[] = [];
  for (const type of accessoryTypes)
    for (const happening of happenings) {
      const { dty, stc } = meaningOf(type, happening);
      if (reportName({ dty, stc, restores: -1 }).includes("/")) nameless.push(`${type} ${happening} ${dty}/${stc}`);
    }
  expect(nameless).toEqual([]);
});

test("one pair of codes that ends two things has a word for each", () => {
  expect(reportName({ dty: 2, stc: 94, restores: 125 })).toBe("case-closed");
  expect(reportName({ dty: 2, stc: 94, restores: 104 })).toBe("test-came");
  expect(reportName({ dty: 2, stc: 48, restores: 78 })).toBe("in-service");
  expect(reportName({ dty: 2, stc: 48, restores: -1 })).toBe("in-service");
  expect(reportName({ dty: 2, stc: 48, restores: 67 })).toBe("fault-gone");
  expect(reportName({ dty: 14, stc: 94, restores: 125 })).toBe("door-tamper-over");
});

test("codes without a word are called by their numbers", () => {
  expect(reportName({ dty: 40, stc: 1, restores: -1 })).toBe("40/1");
});

test("no word is a kind, and each is a word that a scenario file takes", () => {
  expect(reportNames.filter((name) => (reportKinds as readonly string[]).includes(name))).toEqual([]);
  expect(reportNames.filter((name) => !/^[a-z][a-z-]{1,39}$/.test(name))).toEqual([]);
});
