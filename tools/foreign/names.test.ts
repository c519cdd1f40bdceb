/** Names as a real name server tells them: dnsmasq answers `liveNames`. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, type TestContext, test } from "vitest";
import type { LookUp, NameAnswer, NameQuestion } from "../../firmware/ports/names.ts";
import { liveNames } from "../../simulator/live/live-names.ts";
import { needs } from "../config/requires.ts";

const timeout = 20_000;
const records = [
  "--srv-host=_sips._tcp.larm.test,sip2.larm.test,5071,20,5",
  "--srv-host=_sips._tcp.larm.test,sip1.larm.test,5061,10,60",
  "--host-record=sip1.larm.test,192.0.2.7,2001:db8::7,300",
  "--host-record=sip2.larm.test,192.0.2.8,120",
];

async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

/** dnsmasq with these records and nothing else, gone at the end of the test. */
async function nameServer(context: TestContext): Promise<string> {
  needs(context, "dnsmasq");
  const port = await freePort();
  const own = ["--conf-file=/dev/null", "--no-daemon", "--no-resolv", "--no-hosts", "--local=/test/", "--pid-file="];
  const where = ["--listen-address=127.0.0.1", "--bind-interfaces", `--port=${port}`, "--user="];
  const server = spawn("dnsmasq", [...own, ...where, ...records], { stdio: ["ignore", "ignore", "pipe"] });
  context.onTestFinished(() => void server.kill("SIGKILL"));
  await once(server.stderr, "data");
  return `127.0.0.1:${port}`;
}

function ask(lookUp: LookUp, kind: NameQuestion["kind"], name: string): Promise<NameAnswer | undefined> {
  return new Promise((resolve) => lookUp({ kind, name }, resolve));
}

test("dnsmasq: the servers of a service, their addresses with the shortest of their times, and what does not exist", {
  timeout,
}, async (context) => {
  const lookUp = liveNames([await nameServer(context)]);
  const services = await ask(lookUp, "services", "_sips._tcp.larm.test");
  expect(services?.services.toSorted((one, other) => one.priority - other.priority)).toEqual([
    { priority: 10, weight: 60, port: 5061, host: "sip1.larm.test" },
    { priority: 20, weight: 5, port: 5071, host: "sip2.larm.test" },
  ]);
  const first = await ask(lookUp, "addresses", "sip1.larm.test");
  expect(first).toEqual({ services: [], addresses: ["192.0.2.7", "2001:db8::7"], ttlS: 300 });
  const second = await ask(lookUp, "addresses", "sip2.larm.test");
  expect(second).toEqual({ services: [], addresses: ["192.0.2.8"], ttlS: 120 });
  const nothing = { services: [], addresses: [], ttlS: 0 };
  expect(await ask(lookUp, "services", "_sip._udp.larm.test")).toEqual(nothing);
  expect(await ask(lookUp, "addresses", "nobody.larm.test")).toEqual(nothing);
});

test("where no name server is there is no answer, and no question is answered from inside", { timeout }, async () => {
  const lookUp = liveNames([`127.0.0.1:${await freePort()}`]);
  const told: (NameAnswer | undefined)[] = [];
  const asked = (["services", "addresses"] as const).map(
    (kind) =>
      new Promise<void>((resolve) =>
        lookUp({ kind, name: "larm.test" }, (answer) => {
          told.push(answer);
          resolve();
        }),
      ),
  );
  expect(told).toEqual([]);
  await Promise.all(asked);
  expect(told).toEqual([undefined, undefined]);
});
