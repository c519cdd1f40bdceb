import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { CertificateBench } from "../../simulator/live/live-certificates-bench.ts";
import { alarm, ReceiverBench } from "../../simulator/peers/receiver-bench.ts";
import type { LiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { needs } from "../config/requires.ts";
import { UserError } from "../user-error.ts";
import { type ReceiverFlags, register, startReceiver } from "./receiver.ts";

const listen = ["udp:127.0.0.1:0"];

async function start(flags: ReceiverFlags, password?: string) {
  const lines: string[] = [];
  const notes: string[] = [];
  let wake = (): void => {};
  const first = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const output = {
    line: (text: string) => {
      lines.push(text);
      wake();
    },
    note: (text: string) => notes.push(text),
  };
  const live = await startReceiver(flags, password, output);
  onTestFinished(() => live.close());
  return { live, lines, notes, first };
}

function portOf(live: LiveReceiver): number {
  return live.addresses[0]?.port ?? 0;
}

/** Sends one alarm and answers the first packet that comes back. */
async function sendAlarm(port: number): Promise<string> {
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  unit.send(new ReceiverBench().message(alarm("Q4T8A0000127")), port, "127.0.0.1");
  const [bytes] = (await once(unit, "message")) as [Buffer];
  return bytes.toString();
}

async function failure(flags: ReceiverFlags, password?: string): Promise<UserError> {
  try {
    await start(flags, password);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown;
  }
  throw new Error("it did not fail as it should");
}

test("with --json each event is one line of JSON", async () => {
  const { live, lines, notes, first } = await start({ listen, json: true });
  expect(await sendAlarm(portOf(live))).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  await first;
  expect(lines.length).toBe(1);
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    type: "alarm",
    cid: "4607110231",
    ref: "Q4T8A0000127",
    mty: "ME",
    dty: 3,
    stc: 10,
    transport: "udp",
    answer: "snu 0",
    t: expect.any(Number),
    from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  });
  expect(notes).toEqual([`listening on udp:127.0.0.1:${portOf(live)}, mode normal`]);
});

test("without it each event is a line for people", async () => {
  const { live, lines, first } = await start({ listen, mode: "reject" });
  await sendAlarm(portOf(live));
  await first;
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\dZ rejected 4607110231 ref Q4T8A0000127 dty 3 stc 10 from udp:127\.0\.0\.1:\d+: snu 5$/,
  );
});

test("with --user it asks for authentication; the password may come from the flag, a file or the environment", async () => {
  const folder = mkdtempSync(join(tmpdir(), "livlina-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "provkod-77\n");
  for (const [flags, environment] of [
    [{ password: "provkod-77" }, undefined],
    [{ passwordFile }, undefined],
    [{}, "provkod-77"],
  ] as const) {
    const { live } = await start({ listen, user: "enhet", ...flags }, environment);
    expect(await sendAlarm(portOf(live))).toContain('WWW-Authenticate: Digest realm="livlina"');
  }
});

test.each([
  ["no --listen", {}, 2],
  ["a transport that there is not", { listen: ["sctp:127.0.0.1:5060"] }, 2],
  ["tls without a certificate", { listen: ["udp:127.0.0.1:0", "tls:127.0.0.1:5061"] }, 2],
  ["a certificate without tls", { listen, cert: "lab.pem" }, 2],
  ["authorities without tls", { listen, clientCa: "/nowhere/at/all" }, 2],
  ["one port twice", { listen: ["tcp:127.0.0.1:5060", "tcp:127.0.0.1:5060"] }, 2],
  ["no port", { listen: ["udp:127.0.0.1"] }, 2],
  ["a port too high", { listen: ["udp:127.0.0.1:65536"] }, 2],
  ["a name for an address", { listen: ["udp:larm.example.net:5060"] }, 2],
  ["an unknown mode", { listen, mode: "angry" }, 2],
  ["a user without password", { listen, user: "enhet" }, 2],
  ["a password without user", { listen, password: "x" }, 2],
  ["a password file that is not there", { listen, user: "enhet", passwordFile: "/nowhere/at/all" }, 2],
  ["an address beyond loopback", { listen: ["udp:0.0.0.0:0"] }, 4],
  ["an address this machine has not", { listen: ["udp:192.0.2.1:0"], allow: ["192.0.2.1"] }, 3],
] as const)("%s: refused with what to try", async (_what, flags, exitCode) => {
  const error = await failure(flags);
  expect(error.exitCode).toBe(exitCode);
  expect(error.hint.length).toBeGreaterThan(5);
});

test("a port in use ends with 3 and says how to find what holds it", async () => {
  const other = createSocket("udp4");
  other.bind(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
  });
  const { port } = other.address();
  const error = await failure({ listen: [`udp:127.0.0.1:${port}`] });
  expect(error).toMatchObject({ exitCode: 3, message: `cannot listen on udp:127.0.0.1:${port}: the port is in use` });
  expect(error.hint).toContain(`ss -lunp 'sport = :${port}'`);
  const { live } = await start({ listen: ["tcp:127.0.0.1:0"] });
  const over = await failure({ listen: [`tcp:127.0.0.1:${portOf(live)}`] });
  expect(over.message).toContain(`cannot listen on tcp:127.0.0.1:${portOf(live)}`);
  expect(over.hint).toContain("ss -ltnp");
});

test("it listens on all transports at once, and says where", async (context) => {
  needs(context, "openssl");
  const { certPath: cert, keyPath: key } = new CertificateBench(context.onTestFinished).leaf({
    names: "DNS:a.example",
  });
  const all = ["udp:127.0.0.1:0", "tcp:127.0.0.1:0", "tls:127.0.0.1:0", "tcp:127.0.0.1:0"];
  const { live, notes } = await start({ listen: all, cert, key, json: true });
  expect(notes).toEqual([
    `listening on ${live.addresses.map(({ transport, port }) => `${transport}:127.0.0.1:${port}`).join(" and ")}, mode normal`,
  ]);
  expect(live.addresses.map(({ transport }) => transport)).toEqual(["udp", "tcp", "tls", "tcp"]);
});

test("a certificate that is missing, unreadable or without its own key is told by flag and file", async (context) => {
  needs(context, "openssl");
  const lab = new CertificateBench(context.onTestFinished);
  const { certPath: cert, keyPath: key } = lab.leaf({ names: "DNS:a.example" });
  const other = lab.leaf({ names: "DNS:a.example" });
  const tls = ["tls:127.0.0.1:0"];
  for (const [flags, words] of [
    [{ cert }, "--cert without --key"],
    [{ key }, "--key without --cert"],
    [{ cert: "/nowhere/at/all", key }, "--cert /nowhere/at/all: ENOENT"],
    [{ cert, key: "/nowhere/at/all" }, "--key /nowhere/at/all: ENOENT"],
    [{ cert: key, key }, `--cert ${key} holds no certificate`],
    [{ cert, key: cert }, `--key ${cert} holds no key`],
    [{ cert, key: other.keyPath }, "are not a pair"],
    [{ cert, key, clientCa: key }, `--client-ca ${key} holds no certificate`],
  ] as const) {
    const error = await failure({ listen: tls, ...flags });
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(words) });
  }
});

test("the command shows an example and every mode in its help", () => {
  const program = new Command();
  register(program);
  const command = program.commands.find((one) => one.name() === "receiver");
  let help = "";
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help).toContain("livlina receiver --listen udp:127.0.0.1:5060");
  for (const mode of ["silent-after-200", "refuse-connect", "dies"]) expect(help).toContain(mode);
});
