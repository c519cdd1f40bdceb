import { expect, onTestFinished, test } from "vitest";
import { addressText } from "./label-code.ts";
import { type PairOptions, pairButton } from "./pairing.ts";
import type { RegistryFile } from "./registry-file.ts";
import { openServiceLink, type ServiceLink } from "./service-link.ts";
import { HandyInstaller, openStandBench, type StandBench } from "./stand-bench.ts";

async function options(bench: StandBench, link: ServiceLink, more: Partial<PairOptions> = {}): Promise<PairOptions> {
  const [label] = bench.labels;
  if (label === undefined) throw new Error("the bench has no button");
  return {
    link,
    desk: new HandyInstaller(bench),
    registry: undefined,
    unit: "U-000001",
    patienceMs: 4_000,
    label,
    name: addressText(label.address),
    person: 1,
    where: "",
    ...more,
  };
}

async function prepared(): Promise<{ bench: StandBench; link: ServiceLink }> {
  const bench = await openStandBench(onTestFinished);
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  await link.order({ type: "life", life: "prepared" });
  return { bench, link };
}

test("a button joins by its label, and one that belongs to the unit already is not paired again", async () => {
  const { bench, link } = await prepared();
  expect(await pairButton(await options(bench, link))).toMatchObject({
    passed: true,
    changed: true,
    facts: { place: 0, person: 1 },
  });
  expect(await pairButton(await options(bench, link))).toMatchObject({
    passed: true,
    changed: false,
    facts: { how: "was paired already" },
  });
});

test("a button with another key than its label says never joins, and the hint tells of one that belonged elsewhere", async () => {
  const { bench, link } = await prepared();
  const label = { ...bench.labels[0], key: new Uint8Array(16) } as PairOptions["label"];
  const result = await pairButton(await options(bench, link, { label, patienceMs: 800 }));
  expect(result).toMatchObject({
    passed: false,
    facts: { ended: "nobody asked" },
    hint: expect.stringContaining("belonged to another unit"),
  });
  // The window is shut again: a later hold of whoever it is finds nobody.
  expect(await link.tryOrder({ type: "pair-end" })).toBe("not-now");
});

test("a button that the registry has at another unit is refused before anything is sent", async () => {
  const { bench, link } = await prepared();
  const name = addressText(bench.labels[0]?.address ?? 0);
  const registry: RegistryFile = {
    path: "r.csv",
    columns: [],
    rows: [{ unit: "U-000002", buttons: name }],
    lines: [2],
  };
  await expect(pairButton(await options(bench, link, { registry }))).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining(`button ${name} belongs to unit U-000002`),
  });
  expect(await link.list({ type: "devices", from: 0 }, "device", "devices-end")).toEqual([]);
});
