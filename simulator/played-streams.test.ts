import { expect, test } from "vitest";
import { foundOf, playSmall, type SmallWorld } from "./play-bench.ts";
import { RunLog } from "./report/run-log.ts";
import type { World } from "./world.ts";

const wired = "policy: broadband-only, broadband: fibre";
const both = "policy: broadband-first, mobile: alfa, broadband: fibre";

async function acceptedAfter(world: SmallWorld): Promise<number> {
  const result = await playSmall({ duration: "8m", ...world });
  expect(foundOf(result)).toEqual([]);
  const press = result.presses[0];
  expect(press?.cases).toBe(1);
  return (press?.acceptedMs ?? Number.POSITIVE_INFINITY) - (press?.pressedMs ?? 0);
}

for (const far of [
  "transport: tcp",
  "transport: tls",
  "transport: tls, certificate: expired",
  "host-name: RECEIVER.example",
  "transport: tcp, host-name: RECEIVER.example",
])
  test(`${far}: a press is accepted over broadband alone`, async () => {
    expect(await acceptedAfter({ home: wired, far })).toBeLessThan(5_000);
  });

for (const [what, far, faults] of [
  ["a certificate of a stranger", "transport: tls, certificate: foreign", []],
  [
    "a connection that nobody takes",
    "transport: tcp",
    ["from: 3m, receiver: primary, fault: refuse-connect, over: broadband"],
  ],
  [
    "a connection that opens and is silent",
    "transport: tcp",
    ["from: 3m, receiver: primary, fault: silent-open, over: broadband"],
  ],
  ["a line that carries nothing", "transport: tls", ["from: 3m, broadband: fibre, fault: no-data"]],
  ["a router without address", "transport: tls", ["from: 3m, broadband: fibre, fault: no-address"]],
  ["names that cannot be looked up", "host-name: RECEIVER.example", ["from: 3m, broadband: fibre, fault: no-names"]],
  [
    "names that cannot be looked up, under TLS",
    "transport: tls, host-name: RECEIVER.example",
    ["from: 3m, broadband: fibre, fault: no-names"],
  ],
] as const)
  test(`${what} on the first route: the press goes over the other within 20 s`, async () => {
    expect(await acceptedAfter({ home: both, far, faults })).toBeLessThan(20_000);
  });

test("without another route a wrong certificate accepts nothing, and the press stays pending", async () => {
  const books: (() => number)[] = [];
  const prepare = ({ receivers }: World): void => void books.push(() => [...(receivers[0]?.book.cases() ?? [])].length);
  const far = "transport: tls, certificate: foreign";
  const result = await playSmall({ home: wired, far }, 1, new RunLog(undefined), prepare);
  expect(foundOf(result)).toEqual([]);
  expect(result.presses[0]?.acceptedMs).toBeNull();
  expect(books.map((count) => count())).toEqual([1]);
});

test("what a line without an address delayed is accepted over its connection once the address is there", async () => {
  const faults = ["from: 3m, to: 6m, broadband: fibre, fault: no-address"];
  expect(await acceptedAfter({ home: wired, far: "transport: tcp", faults })).toBeLessThan(150_000);
});
