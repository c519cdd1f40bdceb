/** The text of the radio protocol says what the code does: types, accessories, and the tests that it names. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { accessoryTypes, kindOf } from "./accessory-types.ts";

const here = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const readme = here("./README.md");

test("the table of frame types has each type once, with the length of its golden frame", () => {
  const vectors: readonly { type: string; payload: string; frame: string }[] = JSON.parse(
    here("../vectors/radio/frames.json"),
  );
  const rows = [...readme.matchAll(/^\| 0x(..) \| [^|]+ \| (\d+) +\| (\d+) +\|/gm)];
  expect(rows.map((row) => row[1])).toEqual([...new Set(vectors.map((vector) => vector.type))]);
  for (const vector of vectors) {
    const row = rows.find((one) => one[1] === vector.type);
    expect([Number(row?.[2]), Number(row?.[3])]).toEqual([vector.payload.length / 2, vector.frame.length / 2]);
  }
});

test("the table of accessories is the one that the unit works by", () => {
  const lines = accessoryTypes.map((type, code) => {
    const kind = kindOf(type);
    const or = (stc: number): string => (stc === kind.alarmStc ? "-" : String(stc));
    return [code, type, kind.dty, kind.alarmStc, or(kind.lowStc), or(kind.tooLongStc), kind.restoredStc, kind.urgency]
      .concat(kind.checkInH)
      .join(" | ");
  });
  const tidied = readme.replace(/ +\|/g, " |");
  const head = "| Code | Type | Device type | Alarm | Low | Too long | Restored | Urgency | Check-in, h |";
  expect(tidied).toContain(head);
  const after = tidied
    .slice(tidied.indexOf(head))
    .split("\n")
    .slice(2, 2 + lines.length);
  expect(after).toEqual(lines.map((line) => `| ${line} |`));
});

test("every test that the table of attacks names is there", () => {
  const named = [...readme.matchAll(/`([a-z-]+\.test\.ts)`: "([^"]+)"/g)];
  expect(named.length).toBeGreaterThan(15);
  for (const [, file, title] of named) {
    const titles = [...here(`./${file}`).matchAll(/^test(?:\.each\([a-zA-Z]+\))?\("([^"]+)"/gm)].map((one) => one[1]);
    expect(
      titles.some((one) => one?.includes(title as string)),
      `${file}: ${title}`,
    ).toBe(true);
  }
});
