import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { livlina, livlinaHeard, passphrase } from "../provision/command-bench.ts";
import { writeKeys } from "../provision/keys-file.ts";
import { readPlan } from "../provision/plan-file.ts";
import { openServiceLink } from "../provision/service-link.ts";
import { larmkod, madeKeys, openStandBench } from "../provision/stand-bench.ts";
import { sendSettings } from "../provision/unit-settings.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-install-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("the single steps of an installation: pair, press, rooms, paths, settings, each with its exit code", {
  timeout: 60_000,
}, async () => {
  const bench = await openStandBench(onTestFinished);
  const keys = join(bench.folder, "keys.enc");
  writeKeys(keys, bench.keys, passphrase, 2 ** 14);
  const plan = bench.plan();
  const link = await openServiceLink(bench.port, bench.serviceKey);
  await link.order({ type: "life", life: "prepared" });
  await sendSettings(link, readPlan(plan, "keys", bench.keys).settings, () => {});
  link.close();
  const port = ["--port", bench.port, "--keys", keys];
  const hands = (text: string): void => {
    if (text.includes("hold button")) bench.stand.unit.hold(1);
    else if (/press the button/.test(text)) bench.stand.unit.pressIn(1, 2_000);
  };
  const dry = await livlina("pair", ...port, "--label", "01020301", "--dry-run");
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("would be taken into U-000001")]);
  const paired = await livlinaHeard(hands, "pair", ...port, "--label", "01020301", "--yes", "--json");
  expect([paired.code, JSON.parse(paired.stdout)]).toMatchObject([
    0,
    { button: "01020301", passed: true, facts: { place: 0 } },
  ]);
  const pressed = await livlinaHeard(hands, "test-alarm", ...port, "--button", "0", "--yes");
  expect([pressed.code, pressed.stdout]).toEqual([
    0,
    expect.stringMatching(/^accepted by receiver 1 over broadband after \d+ ms, ref /),
  ]);
  expect(bench.heard.some(({ cid, stc }) => cid === larmkod && stc === 10)).toBe(true);
  const walked = await livlinaHeard(hands, "range-walk", ...port, "--room", "kök", "--presses", "1");
  expect([walked.code, walked.stdout]).toEqual([0, expect.stringMatching(/^passed +kök +1 presses/)]);
  expect(await livlina("path-test", ...port, "--json")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"result":"accepted"'),
  });

  const unit = JSON.parse((await livlina("config", "get", ...port)).stdout) as object;
  const changed = join(bench.folder, "changed.json");
  writeFileSync(changed, JSON.stringify({ ...unit, staggerMs: 4_000 }));
  expect(await livlina("config", "diff", ...port, "--from", changed)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("staggerMs: 5000 -> 4000"),
  });
  expect((await livlina("config", "set", ...port, "--from", changed, "--dry-run")).stderr).toContain(
    "1 fields would change; nothing was sent",
  );
  expect(await livlina("config", "set", ...port, "--from", changed, "--yes")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("in force and proven"),
  });
  const gone = await livlina("pair", ...port, "--revoke", "0", "--yes");
  expect([gone.code, gone.stdout]).toEqual([0, "01020301 is taken out\n"]);
  expect((await livlina("pair", ...port, "--revoke", "0", "--yes")).code).toBe(1);
});

test("what is wrong is said with what to try: no port, a wrong passphrase, a mistyped label, half a plan", async () => {
  const made = folder();
  const keys = join(made, "keys.enc");
  const content = madeKeys(1);
  writeKeys(keys, content, passphrase, 2 ** 14);
  const nowhere = await livlina("diagnose", "--port", join(made, "none"), "--keys", keys);
  expect([nowhere.code, nowhere.stderr]).toEqual([3, expect.stringMatching(/cannot open .*\n {2}try: /)]);
  writeFileSync(join(made, "secret"), "something else\n");
  const wrong = await livlina("diagnose", "--port", "x", "--keys", keys, "--passphrase-file", join(made, "secret"));
  expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining("this passphrase does not open it")]);
  expect((await livlina("pair", "--port", "x", "--keys", keys)).code).toBe(2);
  writeFileSync(join(made, "plan.json"), '{"format":1,"unit":"U-000001"}');
  const plan = await livlina(
    "provision",
    "--port",
    "x",
    "--keys",
    keys,
    "--from",
    join(made, "plan.json"),
    "--record",
    join(made, "r.json"),
  );
  expect([plan.code, plan.stderr]).toEqual([2, expect.stringContaining("plan.json: client:")]);
  expect(existsSync(join(made, "r.json"))).toBe(false);
});

test("labels, the list, and the registry's check, diff, list and sheet say what people need, and no key", async () => {
  const made = folder();
  const keys = join(made, "keys.enc");
  const content = madeKeys(1);
  writeKeys(keys, content, passphrase, 2 ** 14);
  const labels = await livlina("keys", "labels", "--into", keys);
  expect(labels.stdout).toMatch(
    /Livlina unit U-000001\n\nLivlina button 01020301 \(wrist\)\n( {2}([0-9A-Z]{5} ?){4}\n){2}/,
  );
  const list = await livlina("keys", "list", "--into", keys, "--json");
  for (const key of [content.units[0]?.serviceKey, content.buttons[0]?.key]) expect(list.stdout).not.toContain(key);
  const registry = join(made, "units.csv");
  writeFileSync(
    registry,
    `unit,cid,client,state,charged,make\nU-000001,${larmkod},K-1,in-service,,Livlina\nU-000002,,,stored,2020-01-01,Livlina\n`,
  );
  expect(await livlina("registry", "check", registry)).toMatchObject({ code: 0, stdout: "2 units, 0 faults\n" });
  expect((await livlina("registry", "list", registry, "--top-up", "180")).stdout).toMatch(/^U-000002 [^\n]*\n$/);
  expect((await livlina("registry", "sheet", registry, "--unit", "U-000001")).stdout).toContain(
    `| Larmkod    ${larmkod}`,
  );
  const other = join(made, "other.csv");
  writeFileSync(
    other,
    readFileSync(registry, "utf8")
      .replace("K-1,", "K-2,")
      .replace(/U-000002.*\n/, ""),
  );
  expect(await livlina("registry", "diff", registry, other)).toMatchObject({
    code: 1,
    stdout: `~ U-000001 ${larmkod}\n    client: "K-1" -> "K-2"\n0 new, 1 changed, 0 as before\n- U-000002\n`,
  });
  for (const what of ["settings", "plan", "record"])
    expect(JSON.parse((await livlina("config", "schema", "--of", what)).stdout)).toMatchObject({ type: "object" });
  writeFileSync(other, `unit,cid\nU-000009,${larmkod}\n`);
  const taken = await livlina("registry", "import", other, "--into", registry, "--yes");
  expect([taken.code, taken.stderr]).toEqual([
    2,
    expect.stringContaining(`other.csv:2: cid ${larmkod} belongs to unit U-000001`),
  ]);
});
