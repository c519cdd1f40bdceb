import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type CodedTag, codeTable, describeCode, nameOf } from "./codes.ts";
import { senderDuty } from "./sender-duty.ts";

const counts: [CodedTag, number][] = [
  ["dty", 52],
  ["dco", 30],
  ["stc", 128],
  ["lco", 53],
  ["ico", 0],
];

test.each(counts)("the table of %s holds every code from 0 on, without a gap", (tag, count) => {
  expect(codeTable(tag).map((row) => row.code)).toEqual([...Array(count).keys()]);
});

const named: [CodedTag][] = [["dty"], ["dco"], ["stc"], ["lco"], ["snu"], ["mre"], ["cre"]];

test.each(named)("no two codes of %s have the same name, in either language", (tag) => {
  const rows = codeTable(tag);
  expect(new Set(rows.map((row) => row.en)).size).toBe(rows.length);
  expect(new Set(rows.map((row) => row.sv)).size).toBe(rows.length);
  expect(rows.every((row) => row.en !== "" && row.sv !== "")).toBe(true);
});

test("the codes that decide over help have their published meaning", () => {
  expect(nameOf("dty", 3)?.sv).toBe("bärbar larmknapp");
  expect(nameOf("dty", 51)?.en).toBe("tracking device");
  expect(nameOf("stc", 10)?.en).toBe("alarm, manual");
  expect(nameOf("stc", 19)?.en).toBe("cancel");
  expect(nameOf("stc", 85)?.sv).toBe("strömavbrott");
  expect(nameOf("stc", 98)?.en).toBe("substituted");
  expect(nameOf("stc", 123)?.en).toBe("radio test missing");
  expect(nameOf("stc", 127)?.en).toBe("unlocked");
  expect(nameOf("dco", 22)?.en).toBe("Ethernet circuit");
  expect(nameOf("lco", 34)?.en).toBe("position attached (geo)");
  expect(codeTable("snu").map((row) => row.code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 99]);
});

test("a number that no table holds is shown with its range", () => {
  expect(describeCode("stc", 10, "sv")).toBe("larm, manuellt");
  expect(describeCode("stc", 128, "en")).toBe("128 (reserved)");
  expect(describeCode("stc", 900, "sv")).toBe("900 (enligt överenskommelse)");
  expect(describeCode("dty", 1000, "en")).toBe("1000 (unspecified)");
  expect(describeCode("lco", 89, "en")).toBe("89 (reserved)");
  expect(describeCode("lco", 90, "en")).toBe("90 (by agreement)");
  expect(describeCode("ico", 100, "en")).toBe("100 (unspecified)");
  expect(describeCode("snu", 8, "en")).toBe("8 (not listed)");
  expect(describeCode("cre", 5, "sv")).toBe("larmcentralen ringer inom 5 min");
  expect(describeCode("cre", 60, "en")).toBe("the centre calls within 60 min");
  expect(describeCode("cre", 0, "en")).toBe("0 (not listed)");
  expect(describeCode("cre", 61, "en")).not.toContain("within");
  expect(describeCode("cre", 63, "en")).toBe("63 (not listed)");
  expect(describeCode("mre", 9, "sv")).toBe("9 (finns inte i tabellen)");
  expect(describeCode("dty", 900, "en")).toBe("900 (by agreement)");
  expect(describeCode("dty", 899, "en")).toBe("899 (reserved)");
  expect(describeCode("cre", 62, "en")).toBe("the unit calls what tnu says");
});

test("only 0 is an acceptance, and a number that nobody knows is a refusal", () => {
  const accepting = [...Array(1000).keys()].filter((snu) => senderDuty(snu) === "accepted");
  expect(accepting).toEqual([0]);
  expect([4, 5, 6].map(senderDuty)).toEqual(["hold", "not-treated", "busy"]);
  expect([1, 2, 3, 7, 8, 10, 99, 100].every((snu) => senderDuty(snu) === "refused")).toBe(true);
});

test("the codecs do not pull the names into a device", () => {
  for (const file of ["request", "response", "document", "fields", "refusal", "sender-duty", "stem", "pressed"]) {
    const source = readFileSync(new URL(`./${file}.ts`, import.meta.url), "utf8");
    expect(source).not.toMatch(/from "\.\/(codes|device-types|components|status-codes|status-names|locations)\.ts"/);
  }
});
