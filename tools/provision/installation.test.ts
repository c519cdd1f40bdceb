import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { missingOf, proofOf } from "./checklist.ts";
import { Installation } from "./installation.ts";
import { readPlan } from "./plan-file.ts";
import { type InstallationRecord, readRecord, recordSchema } from "./record.ts";
import { openServiceLink, type ServiceLink } from "./service-link.ts";
import { HandyInstaller, madeKeys, openStandBench, type StandBench } from "./stand-bench.ts";

interface Visit {
  readonly installation: Installation;
  readonly link: ServiceLink;
}

/** How a visit differs from the usual one. */
interface Circumstances {
  readonly place?: "bench" | "home";
  readonly patienceMs?: number;
  readonly record?: string;
  /** Only what the record says is looked at. */
  readonly isLate?: boolean;
}

async function visit(bench: StandBench, desk: HandyInstaller, plan: string, how: Circumstances = {}): Promise<Visit> {
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  const installation = new Installation({
    link,
    desk,
    plan: readPlan(plan, "keys", bench.keys),
    recordPath: join(bench.folder, how.record ?? "record.json"),
    registry: undefined,
    place: how.place ?? "home",
    now: () => new Date().toISOString(),
    patienceMs: how.patienceMs ?? 4_000,
  });
  if (how.isLate !== true)
    await installation.begin().catch((thrown: unknown) => {
      link.close();
      throw thrown;
    });
  return { installation, link };
}

async function lifeOf(link: ServiceLink): Promise<string | undefined> {
  return (await link.list({ type: "state" }, "state"))[0]?.life;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function recordOf(bench: StandBench): InstallationRecord {
  return recordSchema.parse(JSON.parse(readFileSync(join(bench.folder, "record.json"), "utf8")));
}

test("a unit from its box is set up, paired, tried in every room and closed as verified, each proof with its time and number", async () => {
  const bench = await openStandBench(onTestFinished, madeKeys(2));
  const desk = new HandyInstaller(bench);
  const { installation, link } = await visit(bench, desk, bench.plan());
  await installation.walk();
  expect([missingOf(installation.checklist), desk.said]).toMatchObject([[], expect.anything()]);
  await installation.close(undefined);
  const record = recordOf(bench);
  expect(record.closing).toMatchObject({ how: "verified", missing: [] });
  const press = record.proofs.find(({ step }) => step === "press 01020301");
  expect(press?.facts).toMatchObject({ receiver: 1, route: "broadband" });
  const alarms = bench.heard.filter(({ type, stc }) => type === "alarm" && stc === 10);
  expect(alarms.map(({ ref }) => ref)).toContain(press?.facts["ref"]);
  expect(record.proofs.map(({ step }) => step)).toHaveLength(installation.checklist.steps.length);
  const [state] = await link.list({ type: "state" }, "state");
  expect(state).toMatchObject({ life: "in-service" });
  expect([...(state?.unverified ?? [])]).toEqual([0, 0, 0, 0]);
});

test("without an accepted press it stays open, and a forced closing is unverified for everybody to see", async () => {
  const bench = await openStandBench(onTestFinished);
  bench.receiver.receiver.setMode("silent-after-200");
  const desk = new HandyInstaller(bench);
  desk.refuses = /press button|once/;
  const { installation, link } = await visit(bench, desk, bench.plan({ rooms: [] }), { patienceMs: 1_500 });
  await installation.walk();
  await expect(installation.close(undefined)).rejects.toMatchObject({ exitCode: 1, message: /press 01020301: failed/ });
  expect(recordOf(bench).closing).toBeUndefined();
  expect(await lifeOf(link)).toBe("installed");
  await expect(installation.close({ by: "", why: "late" })).rejects.toMatchObject({ exitCode: 1 });
  await installation.close({ by: "Kim", why: "the receiver is down" });
  const { closing } = recordOf(bench);
  expect(closing).toMatchObject({ how: "unverified", by: "Kim", why: "the receiver is down" });
  expect(closing?.missing).toContainEqual({ step: "press 01020301", why: "failed" });
  const [state] = await link.list({ type: "state" }, "state");
  expect([state?.life, [...(state?.unverified ?? [])]]).toEqual(["in-service", [0, 0, 0, 1]]);
});

test("an accepted press of another button proves nothing of this one", async () => {
  const bench = await openStandBench(onTestFinished, madeKeys(2));
  const desk = new HandyInstaller(bench);
  desk.mistakes = 2;
  const { installation, link } = await visit(bench, desk, bench.plan({ rooms: [], speech: false }), {
    patienceMs: 1_500,
  });
  await installation.walk();
  expect(proofOf(installation.checklist, "press 01020301")?.outcome).toBe("failed");
  expect(bench.heard.filter(({ type, did }) => type === "alarm" && did === "01020302")).toHaveLength(1);
  const [device] = await link.list({ type: "devices", from: 1 }, "device", "devices-end");
  expect(device).toMatchObject({ did: "01020302", state: "verified" });
});

test("a cable that is pulled in the middle is an error that says what to do, and the same record goes on where it stopped", async () => {
  const bench = await openStandBench(onTestFinished);
  const plan = bench.plan();
  const clumsy = new HandyInstaller(bench);
  clumsy.refuses = /hold button/;
  const first = await visit(bench, clumsy, plan);
  const walking = first.installation.walk().catch((thrown: unknown) => thrown);
  await until(() => clumsy.said.some((text) => text.includes("hold button")));
  bench.stand.pull();
  expect(await walking).toMatchObject({ exitCode: 3, message: /is gone/, hint: /goes on where it stopped/ });
  const before = recordOf(bench).proofs;
  expect(before.map(({ step }) => step)).toEqual([
    "settings",
    "identity",
    "power",
    "path broadband 1",
    "self-check",
    "battery",
  ]);
  bench.stand.plug();
  const second = await visit(bench, new HandyInstaller(bench), plan);
  await second.installation.walk();
  await second.installation.close(undefined);
  const { proofs, closing, history } = recordOf(bench);
  expect(proofs.slice(0, before.length)).toEqual(before);
  expect([closing?.how, history.length]).toEqual(["verified", proofs.length]);
});

test("a bench prepares a unit, the home proves it: nothing is paired or sent a second time", async () => {
  const bench = await openStandBench(onTestFinished);
  const plan = bench.plan();
  const bringer = await visit(bench, new HandyInstaller(bench), plan, { place: "bench" });
  await bringer.installation.walk();
  await expect(bringer.installation.close(undefined)).rejects.toMatchObject({
    message: /path broadband 1: only on the bench/,
  });
  expect(await lifeOf(bringer.link)).toBe("prepared");
  bringer.link.close();
  const prepared = recordOf(bench);
  const home = await visit(bench, new HandyInstaller(bench), plan);
  await home.installation.walk();
  await home.installation.close(undefined);
  const record = recordOf(bench);
  expect(record.settings).toEqual(prepared.settings);
  expect(record.proofs.find(({ step }) => step === "pair 01020301")?.place).toBe("bench");
  expect(record.proofs.filter(({ place }) => place === "home").map(({ step }) => step)).toEqual([
    "power",
    "path broadband 1",
    "press 01020301",
    "room kok",
    "speech",
    "read-back",
  ]);
});

test("a unit that somebody depends on is not installed a second time, and a closed record never puts it back into service", async () => {
  const bench = await openStandBench(onTestFinished);
  const plan = bench.plan({ rooms: [], speech: false });
  const { installation, link } = await visit(bench, new HandyInstaller(bench), plan);
  await installation.walk();
  await installation.close(undefined);
  link.close();
  const other = { ...JSON.parse(readFileSync(plan, "utf8")), client: "K-2" } as object;
  const another = bench.plan(other);
  const elsewhere = visit(bench, new HandyInstaller(bench), another, { record: "other.json" });
  await expect(elsewhere).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining("in-service") });
  const late = await visit(bench, new HandyInstaller(bench), plan, { isLate: true });
  await late.link.order({ type: "life", life: "returned" });
  await expect(late.installation.close(undefined)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("closed before"),
  });
  expect(await lifeOf(late.link)).toBe("returned");
  expect(() => readRecord(join(bench.folder, "record.json"), readPlan(another, "keys", bench.keys), "")).toThrow(
    "the record of client K-1042",
  );
});

test("the receiver reading back another client, a button out of reach and a dead mains each keep it open, with what to try", async () => {
  const bench = await openStandBench(onTestFinished);
  const desk = new HandyInstaller(bench);
  desk.client = "K-9999";
  desk.onSay = (text) => {
    if (text.includes("kök: press")) bench.stand.unit.carry(1, 90);
  };
  bench.stand.unit.touch(({ supply }) => supply.plug(false));
  const { installation } = await visit(bench, desk, bench.plan(), { patienceMs: 1_500 });
  await installation.walk();
  expect(missingOf(installation.checklist)).toEqual([
    { step: "power", why: "failed" },
    { step: "room kok", why: "failed" },
    { step: "read-back", why: "failed" },
  ]);
  expect(desk.said.join("\n")).toContain("try: the receiver has another client under this larmkod");
  bench.stand.unit.touch(({ supply }) => supply.plug(true));
  desk.onSay = () => bench.stand.unit.carry(1, 0);
  // The unit waits for some seconds before it believes in the mains again.
  await new Promise((resolve) => setTimeout(resolve, 400));
  desk.client = "k-1042";
  await installation.walk();
  expect(missingOf(installation.checklist)).toEqual([]);
});
