/** `unit` refuses wrong flags with what, where and what to try, and prints the same news for people and for programs. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { CallNews } from "../../simulator/live/live-calls.ts";
import type { HomeNews } from "../../simulator/live/live-home.ts";
import { main } from "../cli.ts";
import { freePort } from "../live-bench.ts";
import { isAbsent } from "../presence.ts";
import { jsonLine, readableLine } from "../unit-lines.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

async function unit(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(["unit", ...args]);
  vi.restoreAllMocks();
  return { code, out: out.join(""), err: err.join("") };
}

const receiver = ["--receiver", "sip:larm@larm.example"];
const via = ["--via", "udp:127.0.0.1:5060"];
const right = [...receiver, ...via];
const overTls = [...receiver, "--via", "tls:127.0.0.1:5061"];

test.each([
  ["no receiver", via, 2, "--receiver"],
  ["no via", receiver, 2, "--via"],
  ["a receiver without user", ["--receiver", "sip:larm.example", ...via], 2, "sip:larm.example is not sip:USER@DOMAIN"],
  ["a receiver by telephone", ["--receiver", "tel:112", ...via], 2, "tel:112"],
  [
    "a secure receiver over UDP",
    ["--receiver", "sips:larm@larm.example", ...via],
    2,
    "sips:larm@larm.example is for TLS alone\n  try: --via tls:127.0.0.1:5060",
  ],
  ["a via without port", [...receiver, "--via", "udp:127.0.0.1"], 2, "udp:127.0.0.1 is not udp|tcp|tls:HOST:PORT"],
  ["a via on port 0", [...receiver, "--via", "udp:127.0.0.1:0"], 2, "port 0"],
  ["a via on port 65536", [...receiver, "--via", "udp:127.0.0.1:65536"], 2, "65536"],
  ["a via of numbers that is no address", [...receiver, "--via", "udp:127.0.0.256:5060"], 2, "127.0.0.256"],
  ["a transport that there is not", [...receiver, "--via", "sctp:127.0.0.1:5060"], 2, "--via sctp:127.0.0.1:5060"],
  ["tcp for the own address", [...right, "--local", "tcp:127.0.0.1:0"], 2, "is not udp:ADDRESS:PORT"],
  ["authorities without tls", [...right, "--ca", "lab.pem"], 2, "nothing goes over TLS"],
  ["a server name without tls", [...right, "--server-name", "a.example"], 2, "--via tls:127.0.0.1:5061"],
  ["authorities that are not there", [...overTls, "--ca", "/nowhere/at/all"], 2, "--ca /nowhere/at/all: ENOENT"],
  ["authorities that nobody is to check", [...overTls, "--ca", "a", "--tls-unverified"], 2, "one of the two"],
  ["a name server beyond loopback", [...right, "--name-server", "udp:192.0.2.53:53"], 4, "--name-server: 192.0.2.53"],
  ["a name server by name", [...right, "--name-server", "udp:dns.example:53"], 2, "--name-server udp:dns.example:53"],
  ["an own certificate without key", [...overTls, "--cert", "/nowhere/at/all"], 2, "--cert without --key"],
  ["another machine over tls", [...receiver, "--via", "tls:192.0.2.7:5061"], 4, "--allow 192.0.2.7"],
  [
    "a second address without its way",
    [...right, "--second", "sip:b@larm.example"],
    2,
    "--second without --second-via",
  ],
  ["a second way to another machine", [...right, "--second-via", "udp:192.0.2.7:5060"], 4, "--second-via: 192.0.2.7"],
  ["another machine", [...receiver, "--via", "udp:192.0.2.7:5060"], 4, "--allow 192.0.2.7"],
  ["another machine by name", [...receiver, "--via", "udp:larm.example.net:5060"], 4, "--allow larm.example.net"],
  ["all addresses of this machine", [...right, "--local", "udp:0.0.0.0:0"], 4, "--allow 0.0.0.0"],
  ["a local name", [...right, "--local", "udp:larm.example:5060"], 2, "--local udp:larm.example:5060"],
  [
    "a local address this machine has not",
    [...right, "--local", "udp:192.0.2.1:0", "--allow", "192.0.2.1"],
    3,
    "192.0.2.1",
  ],
  [
    "IPv6 and IPv4 together",
    [...receiver, "--via", "udp:[::1]:5060", "--local", "udp:127.0.0.1:0"],
    2,
    "IPv4 and IPv6",
  ],
  ["a larmkod with letters", [...right, "--larmkod", "46A1"], 2, "--larmkod 46A1"],
  ["a larmkod of 17 digits", [...right, "--larmkod", "12345678901234567"], 2, "1 to 16 digits"],
  ["an unknown policy", [...right, "--policy", "pigeon-first"], 2, "--policy pigeon-first is unknown"],
  ["a policy without broadband", [...right, "--policy", "mobile-only"], 2, "needs a modem"],
  ["a modem of an unknown dialect", [...right, "--modem", "hayes:/dev/ttyUSB2"], 2, "--modem hayes:/dev/ttyUSB2"],
  ["a modem without its path", [...right, "--modem", "quectel"], 2, "--modem quectel is not DIALECT:PATH"],
  ["a modem that is not there", [...right, "--modem", "quectel:/dev/nowhere"], 3, "cannot open /dev/nowhere"],
  [
    "a sound file that is not there",
    [...right, "--microphone", "/nowhere/at/all"],
    2,
    "try: sox /nowhere/at/all -r 8000",
  ],
  ["a fallback and no telephone", [...right, "--fallback", "sip:a@127.0.0.1"], 2, "no SIP telephone"],
  ["mobile calls without a modem", [...right, "--mobile-calls", "beside-data"], 2, "needs a modem"],
  ["a user without password", [...right, "--user", "enhet"], 2, "LIVLINA_PASSWORD"],
  ["a password without user", [...right, "--password", "x"], 2, "--user NAME"],
  ["a password file that is not there", [...right, "--user", "e", "--password-file", "/nowhere/at/all"], 2, "ENOENT"],
  [
    "a password on the command line for another machine",
    [...receiver, "--via", "udp:192.0.2.7:5060", "--allow", "192.0.2.7", "--user", "e", "--password", "x"],
    4,
    "loopback only",
  ],
  ["words for a time", [...right, "--press-after", "soon"], 2, "--press-after soon is not a number of seconds"],
  ["endless seconds", [...right, "--give-up-after", "Infinity"], 2, "--give-up-after Infinity"],
  ["an end before the press", [...right, "--press-after", "3", "--give-up-after", "3"], 2, "before the press"],
  ["an unknown flag", [...right, "--pres-after", "1"], 2, "--press-after"],
] as const)("%s: refused with what to try, and no stack", async (_what, args, code, words) => {
  vi.stubEnv("LIVLINA_PASSWORD", "");
  const told = await unit(...args);
  expect(told).toMatchObject({ code, out: "" });
  expect(told.err).toContain(words);
  expect(told.err).toMatch(/\n {2}try: \S/);
  expect(told.err).not.toMatch(/\n\s+at /);
});

/** A port of this machine that is taken while the test runs. */
async function takenPort(): Promise<number> {
  const other = createSocket("udp4");
  other.bind(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
  });
  return other.address().port;
}

test("a port in use ends with 3 and says how to find what holds it", async () => {
  const port = await takenPort();
  const told = await unit(...right, "--local", `udp:127.0.0.1:${port}`, "--press-after", "0", "--give-up-after", "5");
  expect(told.code).toBe(3);
  expect(told.err).toContain(`cannot listen on udp:127.0.0.1:${port}: the port is in use\n  try: another port`);
});

test("a receiver that is not there ends with 3 at once, unless a time to wait was named", async () => {
  const port = await freePort();
  const told = await unit("--receiver", "sip:arc@example.net", "--via", `udp:127.0.0.1:${port}`, "--press-after", "0");
  expect(told.code).toBe(3);
  expect(told.err).toContain(`no receiver listens on udp:127.0.0.1:${port}\n  try: livlina receiver --listen`);
  expect(await isAbsent({ transport: "udp", host: "127.0.0.1", port: await takenPort() })).toBe(false);
});

test("over TCP and TLS too it is told at once where nobody listens", async () => {
  for (const transport of ["tcp", "tls"]) {
    const way = `${transport}:127.0.0.1:${await freePort("tcp")}`;
    const told = await unit("--receiver", "sip:arc@example.net", "--via", way, "--press-after", "0");
    expect(told.code).toBe(3);
    expect(told.err).toContain(`no receiver listens on ${way}\n  try: livlina receiver --listen ${transport}:`);
  }
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  expect(await isAbsent({ transport: "tls", host: "127.0.0.1", port })).toBe(false);
});

test("help shows an example and names the events", async () => {
  const told = await unit("--help");
  expect(told.code).toBe(0);
  expect(told.out).toContain("livlina unit --receiver sip:larm@larm.example --via udp:127.0.0.1:5060");
  const words = told.out.replace(/\s+/g, " ");
  expect(words).toContain("pressed, stored, carried, accepted, refused, gave-up-path");
  expect(words).toContain("promised, dialling, ringing, refused, answered, key, told, ended, closed");
});

const path = { ref: "Q4T8A000001T000", route: "broadband", receiver: 1, attempt: 2 } as const;

test("a report of the unit's own is told apart from a press, on lines for programs and for people", () => {
  const ofPress = { type: "accepted", ofPress: true, t: 1_284, stem: "Q4T8A000001T", ...path } as const;
  expect(jsonLine({ type: "report", news: ofPress })).toBe(
    '{"type":"accepted","t":1284,"stem":"Q4T8A000001T","ref":"Q4T8A000001T000","route":"broadband","receiver":1,"attempt":2}',
  );
  const own: HomeNews = { type: "report", news: { ...ofPress, ofPress: false } };
  expect(JSON.parse(jsonLine(own) as string)).toMatchObject({ type: "report-accepted" });
  expect(readableLine(own)).toBe(
    "    1.284 s  report-accepted       ref Q4T8A000001T000, broadband, receiver 1, try 2",
  );
});

test("programs hear of steps only, people also of what lamp and button show", () => {
  expect(jsonLine({ type: "unit-showed", t: 5, signal: "not-accepted" })).toBeUndefined();
  expect(jsonLine({ type: "button-showed", t: 5, signal: "received" })).toBeUndefined();
  expect(readableLine({ type: "unit-showed", t: 5, signal: "not-accepted" })).toBe(
    "    0.005 s  unit shows            not accepted yet",
  );
  expect(jsonLine({ type: "pressed", t: 5 })).toBe(
    '{"type":"pressed","t":5,"stem":null,"ref":null,"route":null,"receiver":null,"attempt":null}',
  );
});

test("a call is one line for programs and one for people at each of its steps", () => {
  const dialling: CallNews = {
    what: "dialling",
    t: 362,
    medium: "sip",
    number: "sip:larm@larm.example",
    mode: "duplex",
    key: null,
    reason: null,
    text: null,
    stems: ["Q4T8A000001T"],
  };
  expect(JSON.parse(jsonLine({ type: "call", news: dialling }) as string)).toEqual({ type: "call", ...dialling });
  const steps: readonly Partial<CallNews>[] = [
    {},
    { what: "answered" },
    { what: "key", key: "7", mode: "listen" },
    { what: "ended", mode: null, reason: "hung-up" },
    { what: "ended", mode: null, reason: "silent" },
    { what: "told", mode: null, text: "no response" },
    { what: "closed", medium: null, number: null, mode: null },
    { what: "ringing", number: null, mode: null },
  ];
  const lines = steps.map((step) => readableLine({ type: "call", news: { ...dialling, ...step } }));
  expect(lines.map((text) => text.substring(13).replace(/ {2,}/, " | "))).toEqual([
    "call dialling | sip:larm@larm.example over sip",
    "call answered | sip:larm@larm.example over sip, both talk",
    "call key | 7, the far side listens",
    "call ended | sip:larm@larm.example over sip, by the unit",
    "call ended | sip:larm@larm.example over sip, silent",
    "call told | no response",
    "case closed",
    "call ringing | number withheld over sip",
  ]);
});
