import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { livlina, passphrase, type Ran } from "../provision/command-bench.ts";
import { readKeys, writeKeys } from "../provision/keys-file.ts";
import { HandyInstaller, larmkod, openStandBench, type StandBench } from "../provision/stand-bench.ts";

const bin = fileURLToPath(new URL("../livlina.js", import.meta.url));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-keys-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** `livlina provision` as a process, with somebody who reads what it says and does it. */
function provision(bench: StandBench, args: readonly string[]): Promise<Ran> {
  const hands = new HandyInstaller(bench);
  const env = { ...process.env, LIVLINA_PASSPHRASE: passphrase };
  const child = spawn(process.execPath, [bin, "provision", ...args], { stdio: ["pipe", "pipe", "pipe"], env });
  onTestFinished(() => void (child.exitCode === null && child.kill("SIGKILL")));
  let stdout = "";
  let stderr = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (let end = stderr.indexOf("\n", seen); end >= 0; end = stderr.indexOf("\n", seen)) {
      hands.say(stderr.slice(seen, end));
      seen = end + 1;
    }
    if (stderr.slice(seen).endsWith("? ")) {
      void hands.ask(stderr.slice(seen)).then((answer) => child.stdin.write(`${answer}\n`));
      seen = stderr.length;
    }
    if (stderr.slice(seen).endsWith(") ")) {
      void hands.ask(stderr.slice(seen)).then((answer) => child.stdin.write(`${answer}\n`));
      seen = stderr.length;
    }
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr })));
}

/** All that the chip of the unit holds. */
function chipOf({ stand }: StandBench): Buffer {
  const { flash } = stand.unit;
  const bytes = new Uint8Array(flash.sectorSize * flash.sectorCount);
  flash.read(0, bytes);
  return Buffer.from(bytes);
}

test("a new installer's whole walk: keys, registry, installation, press, closed; then diagnosis, return and wipe", {
  timeout: 60_000,
}, async () => {
  const made = folder();
  const keys = join(made, "keys.enc");
  const registry = join(made, "units.csv");
  expect(await livlina("keys", "make", "--units", "1", "--buttons", "1", "--into", keys)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("U-000001"),
  });
  const content = readKeys(keys, passphrase);
  writeKeys(keys, content, passphrase, 2 ** 14); // a test tries often
  const bench = await openStandBench(onTestFinished, content);
  const incoming = join(made, "new.csv");
  writeFileSync(incoming, `unit,cid,client,state\nU-000001,${larmkod},K-1042,stored\n`);
  const dry = await livlina("registry", "import", incoming, "--into", registry, "--dry-run");
  expect([dry.code, existsSync(registry)]).toEqual([0, false]);
  expect(dry.stdout).toContain(`+ U-000001 ${larmkod}\n1 new, 0 changed`);
  expect((await livlina("registry", "import", incoming, "--into", registry, "--yes")).code).toBe(0);

  const record = join(made, "record.json");
  const port = ["--port", bench.port, "--keys", keys];
  const from = ["--from", bench.plan(), "--record", record, "--registry", registry, "--yes"];
  const installed = await provision(bench, [...port, ...from, "--json"]);
  expect([installed.code, installed.stderr]).toEqual([0, expect.stringContaining("every step is proven")]);
  expect(JSON.parse(installed.stdout)).toEqual(JSON.parse(readFileSync(record, "utf8")));
  expect(JSON.parse(installed.stdout)).toMatchObject({ larmkod, closing: { how: "verified" } });
  expect(readFileSync(registry, "utf8")).toMatch(
    new RegExp(`U-000001,${larmkod},K-1042,in-service,\\d{4}-\\d\\d-\\d\\d,yes,[0-9A-F]{8},`),
  );

  const diagnosis = await livlina("diagnose", ...port);
  expect([diagnosis.code, diagnosis.stdout]).toEqual([
    0,
    expect.stringMatching(/in-service, larmkod 4600100012(.|\n)*who acts: the installer/),
  ]);
  expect((await livlina("config", "diff", ...port, "--from", from[1] ?? "")).stdout).toContain(
    "the unit is set up like the file",
  );
  const refused = await livlina("wipe", ...port, "--yes");
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining("somebody may depend on it")]);
  const bundle = join(made, "bundle.json");
  expect((await livlina("repair-bundle", ...port, "--quick", "--out", bundle, "--symptom", "no sound")).code).toBe(0);
  expect(readFileSync(bundle, "utf8")).toContain("no sound");
  expect(readFileSync(bundle, "utf8")).not.toContain(larmkod);

  const returning = livlina("return-test", ...port, "--registry", registry, "--yes");
  const presses = setInterval(() => bench.stand.unit.press(1), 300);
  const returned = await returning.finally(() => clearInterval(presses));
  expect([returned.code, returned.stdout]).toEqual([0, expect.stringContaining("pass: livlina wipe")]);
  expect([chipOf(bench).includes(larmkod), chipOf(bench).includes("larm.example")]).toEqual([true, true]);
  const wiped = await livlina("wipe", ...port, "--store", "--registry", registry, "--yes");
  expect([wiped.code, wiped.stdout]).toEqual([0, expect.stringContaining("nothing of the client is left")]);
  expect([chipOf(bench).includes(larmkod), chipOf(bench).includes("larm.example")]).toEqual([false, false]);
  expect(readFileSync(registry, "utf8")).toContain("U-000001,,,stored,,,,");
});
