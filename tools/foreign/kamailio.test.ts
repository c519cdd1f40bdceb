/** Kamailio between `unit` and `receiver`: a proxy that asks who calls (RFC 3261 22.3), a registrar, and the end of TLS. */
import { expect, type TestContext, test } from "vitest";
import { CertificateBench } from "../../simulator/live/live-certificates-bench.ts";
import { needs } from "../config/requires.ts";
import { runUnit, runUnitVia, startReceiver, typesOfPresses, until } from "../live-bench.ts";
import { type Kamailio, startKamailio } from "./kamailio.ts";

const account = { user: "enhet", password: "provkod-77" };
const credentials = ["--user", account.user, "--password", account.password];
const press = ["--press-after", "0.1", "--exit-after-accept", "0.2", "--larmkod", "4607110231"];
const patient = [...press, "--give-up-after", "40"];
const timeout = 90_000;

async function between(context: TestContext, options: { tls?: boolean; flags?: readonly string[] } = {}) {
  needs(context, "kamailio");
  if (options.tls === true) needs(context, "openssl");
  const receiver = await startReceiver(context.onTestFinished, ...(options.flags ?? []));
  const bench = options.tls === true ? new CertificateBench(context.onTestFinished) : undefined;
  const identity = bench === undefined ? {} : { identity: bench.leaf({ names: "DNS:larm.example" }) };
  const proxy = await startKamailio(context.onTestFinished, { receiverPort: receiver.port, ...account, ...identity });
  return { receiver, proxy, ca: bench?.authority.certPath ?? "" };
}

/** What Kamailio did, in order, without repetitions of one after the other. */
function seen(proxy: Kamailio): readonly string[] {
  return [...proxy.log().matchAll(/SEEN (.*)/g)].map((match) => match[1] ?? "");
}

test("over UDP the proxy asks who calls, the alarm is carried with the answer, and the mrs finds its way back", {
  timeout,
}, async (context) => {
  const { receiver, proxy } = await between(context);
  const unit = await runUnit(context.onTestFinished, proxy.port, [...patient, ...credentials]);
  expect(unit.code, unit.stderr + proxy.log()).toBe(0);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried", "accepted"]);
  expect(seen(proxy).slice(0, 2)).toEqual(["MESSAGE udp 4607110231 asked who", "MESSAGE udp 4607110231 passed on"]);
  expect(seen(proxy).join("\n")).toContain("MESSAGE udp 4607110231 called back at sip:127.0.0.1:");
  await until(() => receiver.events().some(({ type }) => type === "alarm"));
  expect(receiver.events().find(({ type }) => type === "alarm")).toMatchObject({
    from: `127.0.0.1:${proxy.port}`,
    transport: "udp",
    answer: "snu 0",
  });
});

test("a proxy and a receiver that both ask who calls are both answered", { timeout }, async (context) => {
  const { proxy } = await between(context, { flags: credentials });
  const unit = await runUnit(context.onTestFinished, proxy.port, [...patient, ...credentials]);
  expect(unit.code, unit.stderr + proxy.log()).toBe(0);
});

test("with a wrong password nothing gets past the proxy", { timeout }, async (context) => {
  const { receiver, proxy } = await between(context);
  const wrong = ["--user", account.user, "--password", "fel"];
  const unit = await runUnit(context.onTestFinished, proxy.port, [...press, "--give-up-after", "3", ...wrong]);
  expect(unit.code, unit.stderr).toBe(1);
  expect(receiver.events()).toEqual([]);
  expect(seen(proxy).join("\n")).not.toContain("passed on");
});

test("over TLS to the proxy and UDP from there: accepted, and the mrs comes back over the unit's own connection", {
  timeout,
}, async (context) => {
  const { receiver, proxy, ca } = await between(context, { tls: true });
  const via = `tls:127.0.0.1:${proxy.tlsPort}`;
  const flags = [...patient, ...credentials, "--ca", ca, "--receiver", "sips:larm@larm.example"];
  const unit = await runUnitVia(context.onTestFinished, via, flags);
  expect(unit.code, unit.stderr + proxy.log()).toBe(0);
  expect(unit.stderr).not.toContain("certificate");
  expect(seen(proxy)).toContain("MESSAGE tls 4607110231 passed on");
  expect(seen(proxy).join("\n")).toMatch(/called back at sip:127\.0\.0\.1:\d+;transport=tls/);
  await until(() => receiver.events().some(({ type }) => type === "alarm"));
});

test.for(["udp", "tls"] as const)(
  "a unit that registers over %s names the port that it speaks from, and is found at its contact",
  { timeout },
  async (transport, context) => {
    const { proxy, ca } = await between(context, { tls: transport === "tls" });
    const via = transport === "tls" ? `tls:127.0.0.1:${proxy.tlsPort}` : `udp:127.0.0.1:${proxy.port}`;
    const trust = transport === "tls" ? ["--ca", ca] : [];
    const unit = await runUnitVia(context.onTestFinished, via, [...patient, ...credentials, ...trust, "--register"]);
    expect(unit.code, unit.stderr + proxy.log()).toBe(0);
    const over = transport === "tls" ? ";transport=tls" : "";
    const bindings = seen(proxy).filter((line) => line.includes(" bound "));
    expect(bindings.length).toBeGreaterThan(0);
    for (const line of bindings) {
      const port = / from port (\d+) /.exec(line)?.[1];
      expect(line).toContain(
        `REGISTER ${transport} 4607110231 from port ${port} bound <sip:4607110231@127.0.0.1:${port}${over}>`,
      );
    }
    expect(seen(proxy).join("\n")).toContain("MESSAGE udp 4607110231 found at");
  },
);
