/** A live unit that asks dnsmasq where its receiver is (RFC 3263 4): transport from the flag, server, port and address from the name server. */
import { expect, test } from "vitest";
import { needs } from "../config/requires.ts";
import { freePort, runUnitVia, start, startReceiver, until } from "../live-bench.ts";

test("a receiver known by its domain alone is found by its service record, and accepts", {
  timeout: 120_000,
}, async (context) => {
  needs(context, "dnsmasq");
  const receiver = await startReceiver(context.onTestFinished, "--listen", "tcp:127.0.0.1:0");
  const port = await freePort();
  const own = ["--conf-file=/dev/null", "--no-daemon", "--no-resolv", "--no-hosts", "--local=/test/", "--pid-file="];
  const where = ["--listen-address=127.0.0.1", "--bind-interfaces", `--port=${port}`, "--user="];
  const service = `--srv-host=_sip._tcp.larm.test,arc.larm.test,${receiver.ports.tcp},10,60`;
  const records = [service, "--host-record=arc.larm.test,127.0.0.1,300"];
  const server = start(context.onTestFinished, "dnsmasq", [...own, ...where, ...records]);
  await until(() => server.stderr() !== "");
  const names = ["--name-server", `udp:127.0.0.1:${port}`, "--allow", "larm.test", "--receiver", "sip:larm@larm.test"];
  // Otherwise the system is asked for the way to larm.test, and its own name server may take long to know nothing.
  const press = [
    "--local",
    "udp:127.0.0.1:0",
    "--press-after",
    "0.1",
    "--exit-after-accept",
    "0.2",
    "--give-up-after",
    "30",
  ];
  const unit = await runUnitVia(context.onTestFinished, "tcp:larm.test:0", [...press, ...names]);
  expect(unit.code, `${unit.stderr}${unit.stdout}${server.stderr()}`).toBe(0);
  await until(() => receiver.events().some(({ type }) => type === "alarm"));
  expect(receiver.events().find(({ type }) => type === "alarm")).toMatchObject({ transport: "tcp", answer: "snu 0" });
});
