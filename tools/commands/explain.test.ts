/** `livlina explain` and `livlina doctor`: what they say, and that nothing is without a word. */
import { afterEach, expect, test, vi } from "vitest";
import { main } from "../cli.ts";
import { examineMachine } from "../help/machine.ts";
import { findingsText } from "./doctor.ts";

afterEach(() => vi.restoreAllMocks());

async function explained(...words: string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  expect(await main(["explain", ...words])).toBe(0);
  vi.restoreAllMocks();
  return out.join("");
}

test("a number is looked up in every table, a word before it names one", async () => {
  const six = await explained("6");
  expect(six).toContain("snu 6 (SCAIP status number, the receiver's answer): busy · upptaget\n");
  expect(six).toContain("stc 6 (");
  expect(six).not.toContain("sip ");
  expect(await explained("stc", "24")).toBe(
    "stc 24 (SCAIP status code, what happened): mobile link failure · fel på\n  mobilförbindelsen\n",
  );
  expect(await explained("snu=0")).toContain("handled · mottaget");
  expect(await explained("sip/503")).toContain("Retry-After");
  expect(await explained("exit", "3")).toContain("livlina doctor");
});

test("a number that its table does not name is said to be so, and is no error", async () => {
  expect(await explained("stc", "4711")).toContain("4711 (unspecified)");
});

test("faults are explained by name, and a table's name alone shows all of it, in 80 columns", async () => {
  expect(await explained("silent-after-200")).toContain("nobody is served");
  const all = await explained("fault");
  for (const name of ["jammed", "wrong-time", "sip-503", "replayed"]) expect(all).toContain(`fault ${name} `);
  for (const line of all.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("as JSON every meaning is an object", async () => {
  expect(JSON.parse(await explained("404", "--json"))).toEqual([
    { kind: "sip", code: "404", means: expect.stringMatching(/^Not Found\. /) },
  ]);
});

test("what is missing is shown with the way to get it, and what is needed stands out", async () => {
  const findings = await examineMachine([
    { name: "here", use: "this", get: "never", look: () => "1.2" },
    { name: "gone", use: "that", get: "sudo apt install gone", look: () => undefined },
    { name: "core", needed: true, use: "all", get: "a new machine", look: async () => undefined },
  ]);
  expect(findings.map(({ here, needed, get }) => [here, needed, get])).toEqual([
    [true, false, ""],
    [false, false, "sudo apt install gone"],
    [false, true, "a new machine"],
  ]);
  const text = findingsText(findings, (_format, plain) => plain);
  expect(text).toContain("missing  gone              that\n         get it: sudo apt install gone\n");
  expect(text).toContain("MISSING  core");
});

test("this machine has what nothing works without", async () => {
  const findings = await examineMachine();
  expect(findings.filter(({ needed, here }) => needed && !here)).toEqual([]);
  for (const { here, found, get } of findings) expect(here ? found : get).not.toBe("");
});
