/** `livlina ota` as people use it: a key, a signed image, rings tried on simulated units, and a run that a unit can ask. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { imageFile, manifestName } from "../build/image.ts";
import { register } from "./ota.ts";

const folder = mkdtempSync(join(tmpdir(), "livlina-ota-"));
const at = (name: string) => join(folder, name);
const script = new TextEncoder().encode("say('livlina')\n");
writeFileSync(at("secret"), "a passphrase of some length\n");
writeFileSync(at("livlina.js"), script);
writeFileSync(
  at(manifestName),
  JSON.stringify({
    format: 1,
    board: "esp32",
    hardware: "esp32",
    region: "eu",
    role: "unit",
    engine: "espruino",
    chip: "esp32",
    version: "0.2.0",
    commit: "0".repeat(40),
    changed: false,
    files: [imageFile("livlina.js", script)],
    budgetBytes: 1_000_000,
    journal: { address: 0, sectorSize: 4_096, sectorCount: 28, programUnit: 4 },
  }),
);
writeFileSync(at("rings.yaml"), 'rings:\n  - { name: lab, units: ["4600000001"] }\n  - { name: all }\nholdHours: 24\n');
writeFileSync(
  at("fleet.csv"),
  ["cid,receivers", ...Array.from({ length: 9 }, (_, i) => `460000000${i + 1},primary`)].join("\n"),
);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function livlina(...words: string[]): Promise<string> {
  vi.restoreAllMocks();
  let out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(["ota", ...words], { from: "user" });
  return out;
}

test("a key signs an image, and what was signed is shown with what it is for", async () => {
  const made = JSON.parse(await livlina("keys", "--out", at("k"), "--passphrase-file", at("secret"), "--json")) as {
    id: number;
  };
  expect(await livlina("keys", "--show", at("k"))).toContain(`"id": ${made.id}`);
  const words = [
    "sign",
    folder,
    "--key",
    at("k"),
    "--passphrase-file",
    at("secret"),
    "--out",
    at("r"),
    "--least-version",
    "0.1.0",
  ];
  expect(await livlina(...words, "--dry-run")).toContain("would be written");
  await expect(livlina("show", at("r"))).rejects.toThrow("cannot be read: ENOENT");
  await livlina(...words, "--revisions", "1-3");
  expect(JSON.parse(await livlina("show", at("r"), "--key", at("k"), "--json"))).toMatchObject({
    board: "esp32",
    region: "eu",
    version: "0.2.0",
    leastVersion: "0.1.0",
    leastRevision: 1,
    mostRevision: 3,
    length: script.length,
    keyId: made.id,
    note: "signed by this key",
  });
  await expect(livlina(...words, "--revisions", "3-1")).rejects.toThrow("--revisions 3-1 is no range");
  await expect(livlina("keys")).rejects.toThrow("either a new key or one that is there");
});

test("real units are offered nothing without --yes, and the exit code says why", async () => {
  const words = [
    "run",
    "--rings",
    at("rings.yaml"),
    "--fleet",
    at("fleet.csv"),
    "--release",
    at("r"),
    "--state",
    at("state.json"),
  ];
  await expect(livlina(...words)).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining("9 units") });
  await expect(livlina(...words, "--listen", "tcp:192.0.2.1:8080")).rejects.toMatchObject({ exitCode: 4 });
  expect(JSON.parse(await livlina(...words, "--dry-run", "--json"))).toMatchObject({
    verdict: "under way",
    rings: [
      { name: "lab", units: 1, waiting: 1 },
      { name: "all", units: 8 },
    ],
  });
  expect(
    JSON.parse(await livlina("plan", "--rings", at("rings.yaml"), "--fleet", at("fleet.csv"), "--json")),
  ).toHaveLength(2);
});

const stories: readonly (readonly [string, string, number, RegExp])[] = [
  ["good", "done", 9, /^$/],
  ["mute", "stopped", 1, /1 of 1 units failed \(accept\)/],
  ["loops", "stopped", 1, /1 of 1 units failed \(loop\)/],
  ["dies", "stopped", 1, /1 of 1 units silent/],
];

for (const [behaviour, verdict, touched, why] of stories)
  test(`a release that is "${behaviour}" is ${verdict} after it has reached ${touched} of nine units`, async () => {
    const words = ["run", "--rings", at("rings.yaml"), "--fleet", at("fleet.csv"), "--simulate", behaviour, "--json"];
    const result = JSON.parse(await livlina(...words)) as { verdict: string; touched: number; why: string };
    expect(result).toMatchObject({ verdict, touched });
    expect(result.why).toMatch(why);
    expect(process.exitCode).toBe(verdict === "done" ? undefined : 1);
  });

test("a run serves units until it is told to end, obeys what another process orders, and goes on from its file", async () => {
  const words = [
    "run",
    "--rings",
    at("rings.yaml"),
    "--fleet",
    at("fleet.csv"),
    "--release",
    at("r"),
    "--key",
    at("k"),
    "--state",
    at("s.json"),
    "--listen",
    "tcp:127.0.0.1:0",
    "--yes",
    "--json",
  ];
  const begin = async (): Promise<{ port: number; end: () => Promise<string> }> => {
    const running = livlina(...words);
    const heard = vi.mocked(process.stderr.write);
    const port = await vi.waitFor(() => {
      const text = heard.mock.calls.map(([text]) => String(text)).join("");
      return Number((/serving on tcp:127\.0\.0\.1:(\d+)/.exec(text) as RegExpExecArray)[1]);
    });
    const end = (): Promise<string> => {
      process.emit("SIGINT");
      return running;
    };
    return { port, end };
  };
  const ask = (port: number, unit: string) =>
    fetch(`http://127.0.0.1:${port}/v1/offer?unit=${unit}&version=0.1.0&stage=none`);
  let server = await begin();
  expect((await ask(server.port, "4600000001")).status).toBe(200);
  expect((await ask(server.port, "4600000002")).status).toBe(204);
  expect(JSON.parse(await server.end())).toMatchObject({
    verdict: "under way",
    rings: [{ name: "lab", offered: 1 }, { name: "all" }],
  });
  await expect(livlina("stop", "--state", at("s.json"))).rejects.toMatchObject({ exitCode: 4 });
  await livlina("stop", "--state", at("s.json"), "--why", "a doubt", "--yes");
  server = await begin();
  expect((await ask(server.port, "4600000001")).status).toBe(204);
  expect(JSON.parse(await server.end())).toMatchObject({ verdict: "stopped", why: "a doubt" });
  expect(JSON.parse(readFileSync(at("s.json"), "utf8"))).toMatchObject({ stopped: "a doubt", version: "0.2.0" });
  expect(await livlina("status", "--state", at("s.json"))).toContain("release 0.2.0: stopped: a doubt");
  await livlina("go-on", "--state", at("s.json"), "--yes");
  server = await begin();
  expect((await ask(server.port, "4600000001")).status).toBe(200);
  await server.end();
});
