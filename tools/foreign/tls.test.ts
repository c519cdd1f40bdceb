/**
 * `unit` as a process against `receiver` in this one, over TCP and TLS, with certificates that openssl made: which receiver is believed, and
 * what the unit says where one is not (RFC 5922 7). Nothing here asserts how long it takes.
 */
import { expect, type TestContext, test } from "vitest";
import { CertificateBench, type LeafOptions, type MadeIdentity } from "../../simulator/live/live-certificates-bench.ts";
import { type ReceiverFlags, startReceiver } from "../commands/receiver.ts";
import { needs } from "../config/requires.ts";
import { runUnitVia, typesOfPresses, type UnitEnded, until } from "../live-bench.ts";

const press = ["--press-after", "0.1", "--exit-after-accept", "0.2"];
const patient = [...press, "--give-up-after", "30"];
const brief = [...press, "--give-up-after", "3"];
const names = "DNS:larm.example";
const timeout = 120_000;
const outOfDate = { fromDays: -9, toDays: -2 };

interface Heard {
  /** The first of its ports. */
  readonly port: number;
  readonly events: () => readonly Record<string, unknown>[];
}

interface Lab {
  readonly authority: MadeIdentity;
  readonly receiver: Heard;
  readonly unit: (...flags: readonly string[]) => Promise<UnitEnded>;
}

async function receiverOf(context: TestContext, flags: ReceiverFlags): Promise<Heard> {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), note: () => {} };
  const live = await startReceiver({ ...flags, json: true }, undefined, output);
  context.onTestFinished(() => live.close());
  const events = () => lines.map((text) => JSON.parse(text) as Record<string, unknown>);
  return { port: live.addresses[0]?.port ?? 0, events };
}

/** A TLS receiver that shows what `make` has made, and units that trust the authority. */
async function lab(
  context: TestContext,
  make: (bench: CertificateBench) => MadeIdentity,
  more: (bench: CertificateBench) => ReceiverFlags = () => ({}),
): Promise<Lab> {
  needs(context, "openssl");
  const bench = new CertificateBench(context.onTestFinished);
  const { certPath: cert, keyPath: key } = make(bench);
  const receiver = await receiverOf(context, { listen: ["tls:127.0.0.1:0"], cert, key, ...more(bench) });
  const via = `tls:127.0.0.1:${receiver.port}`;
  const unit = (...flags: readonly string[]) => runUnitVia(context.onTestFinished, via, flags);
  return { authority: bench.authority, receiver, unit };
}

function leaf(options: Partial<LeafOptions>) {
  return (bench: CertificateBench) => bench.leaf({ names, ...options });
}

function expectAccepted(unit: UnitEnded, receiver: number): void {
  expect(unit.code, unit.stderr).toBe(0);
  expect(unit.events.find(({ type }) => type === "accepted")).toMatchObject({ receiver });
}

/** The press stays pending, and the unit says what is wrong with whom. */
function expectNotBelieved(unit: UnitEnded, words: string): void {
  expect(unit.code, unit.stderr).toBe(1);
  expect(typesOfPresses(unit.events)).not.toContain("accepted");
  expect(unit.stderr).toMatch(new RegExp(`tls:127\\.0\\.0\\.1:\\d+: .*${words}.*: not spoken with`));
}

async function alarmAt(receiver: Heard): Promise<Record<string, unknown>> {
  await until(() => receiver.events().some(({ type }) => type === "alarm"));
  return receiver.events().find(({ type }) => type === "alarm") as Record<string, unknown>;
}

test.concurrent("over TCP a press is accepted, all that the unit says goes over one connection, and the mrs comes back on it", {
  timeout,
}, async (context) => {
  const receiver = await receiverOf(context, { listen: ["tcp:127.0.0.1:0"] });
  const unit = await runUnitVia(context.onTestFinished, `tcp:127.0.0.1:${receiver.port}`, patient);
  expectAccepted(unit, 1);
  expect(await alarmAt(receiver)).toMatchObject({ transport: "tcp", answer: "snu 0" });
  expect(receiver.events().length).toBeGreaterThan(1);
  expect(new Set(receiver.events().map(({ from }) => from)).size).toBe(1);
  expect(receiver.events().map(({ answer }) => answer)).not.toContain("closed");
});

test.concurrent("a good chain: accepted over TLS, in silence, also for a sips: address and with digest", {
  timeout,
}, async (context) => {
  const between = (bench: CertificateBench): MadeIdentity => bench.leaf({ names, isAuthority: true });
  const account = { user: "enhet", password: "provkod-77" };
  const { authority, receiver, unit } = await lab(
    context,
    (bench) => bench.chained(bench.leaf({ names, issuer: between(bench) })),
    () => account,
  );
  const sips = ["--receiver", "sips:larm@larm.example"];
  const credentials = ["--user", account.user, "--password", account.password];
  const ended = await unit(...patient, "--ca", authority.certPath, ...sips, ...credentials);
  expectAccepted(ended, 1);
  expect(ended.stderr).not.toContain("certificate");
  expect(await alarmAt(receiver)).toMatchObject({ transport: "tls" });
});

test.concurrent("another host's name: not spoken with, unless that is the name to expect", {
  timeout,
}, async (context) => {
  const { authority, unit } = await lab(context, leaf({ names: "DNS:other.example" }));
  const ca = ["--ca", authority.certPath];
  const [wrong, named] = await Promise.all([
    unit(...brief, ...ca),
    unit(...patient, ...ca, "--server-name", "other.example"),
  ]);
  expectNotBelieved(wrong, "its certificate is not for larm\\.example");
  expect(wrong.stderr).toContain("--server-name NAME");
  expectAccepted(named, 1);
});

test.concurrent.for([
  ["out of date", outOfDate],
  ["not yet of this day", { fromDays: 2, toDays: 9 }],
] as const)("%s: accepted, and told", { timeout }, async ([, dates], context) => {
  const { authority, unit } = await lab(context, leaf(dates));
  const ended = await unit(...patient, "--ca", authority.certPath);
  expectAccepted(ended, 1);
  expect(ended.stderr).toMatch(/out of date: .*: taken all the same/);
});

test.concurrent("out of date and signed by a stranger of the same name: not spoken with", {
  timeout,
}, async (context) => {
  const { unit } = await lab(context, leaf(outOfDate));
  const stranger = new CertificateBench(context.onTestFinished);
  expectNotBelieved(await unit(...brief, "--ca", stranger.authority.certPath), "nobody who is trusted");
});

test.concurrent("signed by itself: not spoken with, unless nothing is to be checked, which is told", {
  timeout,
}, async (context) => {
  const { authority, unit } = await lab(context, (bench) => bench.selfSigned(names));
  const [checks, careless] = await Promise.all([
    unit(...brief, "--ca", authority.certPath),
    unit(...patient, "--tls-unverified"),
  ]);
  expectNotBelieved(checks, "it has signed its certificate itself");
  expectAccepted(careless, 1);
  expect(careless.stderr).toContain("certificates are not checked");
  expect(careless.stderr).toContain("not checked, and it has signed its certificate itself");
});

test.concurrent("a certificate demanded of the unit: accepted where it has one, never where it has none", {
  timeout,
}, async (context) => {
  const { authority, receiver, unit } = await lab(context, leaf({}), (bench) => ({
    clientCa: bench.authority.certPath,
  }));
  const bench = new CertificateBench(context.onTestFinished);
  const own = bench.leaf({ names: "DNS:unit.example", purpose: "clientAuth", issuer: authority });
  const ca = ["--ca", authority.certPath];
  const [nobody, known] = await Promise.all([
    unit(...brief, ...ca),
    unit(...patient, ...ca, "--cert", own.certPath, "--key", own.keyPath),
  ]);
  expect(nobody.code, nobody.stderr).toBe(1);
  expect(typesOfPresses(nobody.events)).not.toContain("accepted");
  expectAccepted(known, 1);
  const [told] = receiver.events().filter(({ answer }) => answer === "closed");
  expect(told).toMatchObject({ type: "rejected", transport: "tls", why: expect.stringContaining("no TLS") });
});

test.concurrent("a receiver that is not believed is left for the next one, which takes the alarm", {
  timeout,
}, async (context) => {
  const { authority, unit } = await lab(context, leaf({ names: "DNS:other.example" }));
  const second = await receiverOf(context, { listen: ["udp:127.0.0.1:0"] });
  const ended = await unit(...patient, "--ca", authority.certPath, "--second-via", `udp:127.0.0.1:${second.port}`);
  expectAccepted(ended, 2);
  expect(ended.stderr).toContain("not spoken with");
});
