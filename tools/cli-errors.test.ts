/**
 * What goes wrong at the command line, one situation a row: each ends with its exit code, says what is wrong and where, and what to
 * try, in that order; none shows a stack, and nothing goes to stdout where a program may read it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// It works for ever in the folder in which it was first loaded, and the one below goes away.
import "esbuild";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { main } from "./cli.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-errors-"));
const file = (name: string, text: string | Uint8Array): void => writeFileSync(join(place, name), text);
const before = process.cwd();

beforeAll(() => {
  file("empty", "");
  file("noise", Uint8Array.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0xfe, 0x07]));
  file("list.json", "[]");
  file("object.json", '{"a":1}');
  file("bad.yaml", "name: x\nduration: ten\nworld: {}\nfleet: [{ name: u, count: 1 }]\n");
  file("broken.yaml", "name: [x\n");
  file("pass", "secret\n");
  file("report.json", '{"formatVersion":0}');
  mkdirSync(join(place, "folder"));
  mkdirSync(join(place, "broken"));
  file("broken/outages.json", "{");
  process.chdir(place);
});
afterAll(() => {
  process.chdir(before);
  rmSync(place, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const unit = "unit --receiver sip:a@b --via udp:127.0.0.1:5060";
const receiver = "receiver --listen udp:127.0.0.1:0";
const load = "load --via udp:127.0.0.1:5060";
const modem = "modem --dialect quectel --link link";

/** The command line, its exit code, what is wrong and where, and what to try. */
const situations: readonly (readonly [line: string, code: number, what: string, hint: string])[] = [
  ["smi", 2, "unknown command 'smi'", "livlina --help"],
  ["help simm", 2, "there is no command simm", "livlina help sim"],
  ["sim rnu x", 2, "unknown command 'rnu'\n(Did you mean run?)", "livlina sim --help"],
  ["--sed", 2, "unknown option '--sed'", "livlina --help"],
  ["sim list --jsn", 2, "unknown option '--jsn'\n(Did you mean --json?)", "livlina sim list --help"],
  ["sim schema x", 2, "too many arguments for 'schema'", "livlina sim schema --help"],
  ["sim run", 2, "missing required argument 'files'", "livlina sim run --help"],
  ["sim run none.yaml", 2, "there is no scenario file none.yaml", "livlina sim list"],
  ["sim run mobile-uot", 2, "no scenario file mobile-uot", 'did you mean "mobile-out"?'],
  ["sim run empty", 2, "empty: the file is empty", "livlina sim schema"],
  ["sim run noise", 2, "noise: the file is not text in UTF-8", "livlina sim schema"],
  ["sim run folder", 2, "folder: this is a folder", "livlina sim schema"],
  ["sim run broken.yaml", 2, "broken.yaml:2:1: ", "livlina sim schema"],
  ["sim check bad.yaml", 2, "bad.yaml:2:11: expected a time with its unit", "livlina sim schema"],
  ["sim check bad.yaml --json", 2, "bad.yaml:2:11: expected a time with its unit", "livlina sim schema"],
  ["fleet run none.yaml", 2, "there is no fleet file none.yaml", "a fleet or scenario file"],
  ["fleet run town-day --towns 0", 2, "--towns 0: expected a whole number", "--towns 1"],
  ["fleet run town-day --sample 1", 2, "--sample compares a coarse run with the bytes", "with --modem sockets"],
  ["fleet run town-day --redis http://x", 2, "is no address of a Redis", "redis://127.0.0.1:6379"],
  ["fleet run town-day --resume --out folder", 2, "folder holds no fleet to resume", "without --resume"],
  ["sim run mobile-out --seed x", 2, '"x" is no seed', "a whole number from 0 to 4294967295"],
  ["sim run mobile-out --set home=3", 2, '--set home=3: there is no parameter "home"', "livlina sim schema"],
  ["sim run mobile-out --out /dev/null/x", 3, "/dev/null/x cannot be written: a file is in the way", "--out"],
  ["sim run mobile-out --modem socket", 2, "--modem socket is unknown", "did you mean sockets?"],
  ["sim replay folder", 2, "folder holds no report", "livlina sim run --out"],
  ["sim swarm --seeds 0", 2, "--seeds 0: expected a whole number from 1", "--seeds 1"],
  ["fleet outages none", 2, "none cannot be read: ENOENT (no such file or folder)", "an existing file"],
  ["fleet outages folder", 2, "folder has no outages.json", "livlina sim run --out DIR"],
  ["fleet outages empty", 2, "empty: nothing of a receiver in it", "livlina receiver --json"],
  ["fleet outages broken", 2, "broken/outages.json is no JSON", "livlina sim run"],
  ["fleet drill object.json --month maj", 2, "argument 'maj' is invalid. a month is written as 2026-12", "--help"],
  ["monitor --registry empty", 2, 'empty:1: no column "cid"', "a CSV file with a column cid"],
  ["unit", 2, "required option '--receiver <uri>' not specified", "livlina unit --help"],
  [`${unit} --policy mobil-first`, 2, "--policy mobil-first is unknown", "did you mean mobile-first?"],
  [`${unit} --press-after soon`, 2, "--press-after soon is not a number of seconds", "--press-after 10"],
  [`${unit} --larmkod abc`, 2, "--larmkod abc: the larmkod must be 1 to 16 digits", "--larmkod 46"],
  [`${unit} --modem nokia:/dev/x`, 2, "--modem nokia:/dev/x is not DIALECT:PATH", "--modem quectel:"],
  [`${unit} --microphone none.wav`, 2, "--microphone none.wav: cannot be read", "sox none.wav"],
  ["unit --receiver sip:a@b --via udp:8.8.8.8:5060", 4, "--via: 8.8.8.8 is not a loopback address", "--allow 8.8.8.8"],
  ["unit --receiver http:x --via udp:127.0.0.1:9", 2, "--receiver http:x is not sip:", "--receiver sip:"],
  [`${receiver} --mode silent-opne`, 2, "--mode silent-opne is unknown", "did you mean silent-open?"],
  [`${receiver} --voice sings`, 2, "--voice sings is unknown", "one of answers, presses"],
  ["receiver --listen 127.0.0.1:5060", 2, "--listen 127.0.0.1:5060 is not udp|tcp|tls:", "--listen udp:127.0.0.1:5060"],
  ["receiver --listen tls:127.0.0.1:0", 2, "--listen tls: without a certificate", "--cert FILE --key FILE"],
  ["receiver --listen udp:192.0.2.1:5060", 4, "192.0.2.1 is not a loopback address", "--allow 192.0.2.1"],
  ["modem --dialect qectel --link link", 2, "--dialect qectel is unknown", "did you mean quectel?"],
  [`${modem} --fault jump`, 2, "--fault jump", ""],
  [`${modem} --pin abc`, 2, "--pin abc is not 4 to 8 digits", "--pin 1234"],
  [
    "modem --dialect quectel --link none/link",
    3,
    "--link none/link: ENOENT (no such file or folder)",
    "this user may write",
  ],
  ["stand --link link --keys none --unit U", 2, "no passphrase for the keys", "--passphrase-file PATH"],
  ["decode scpai x", 2, "unknown command 'scpai'\n(Did you mean scaip?)", "livlina decode --help"],
  ["decode scaip none", 3, "none cannot be read: ENOENT (no such file or folder)", "- for stdin"],
  ["decode sip empty", 1, "empty: the message ends too early at byte 0", "CR LF"],
  ["decode radio noise --key zz", 2, '"z" is no hexadecimal digit', "0-9 a-f"],
  ["decode at empty --dialect quectle", 2, "'quectle' is invalid", "livlina decode at --help"],
  ["encode scaip noise", 2, "noise: Unexpected token", '{"ref":'],
  ["encode scaip object.json", 2, "object.json: a is no element of mrq", "there are ref"],
  ["trace show X --run folder", 2, "folder holds no report", "livlina sim run --out"],
  ["trace show X --run .", 2, "report.json is no report of this version", "livlina sim run"],
  ["trace list", 2, "no run has left a report in out", "livlina sim run NAME, or --run DIR"],
  ["bench codce", 2, "there is no bench codce", "livlina bench codec"],
  ["build esp23", 2, "there is no board esp23", "did you mean esp32?"],
  ["build", 2, "which board?", "livlina build --all"],
  ["devices --baud fast", 2, "--baud fast: no rate of a serial line", "--baud 115200"],
  ["flash puckjs", 2, "there is no board puckjs", "did you mean puck-js?"],
  [
    "flash puck-js --port none --image folder",
    2,
    "folder/image.json: ENOENT (no such file or folder)",
    "livlina build",
  ],
  ["keys make --into keys.json", 2, "nothing to make", "--units 10 --buttons 12"],
  ["keys list --into object.json --passphrase-file pass", 2, "object.json: kdf: is missing", "livlina keys make"],
  ["registry check none", 2, "none cannot be read: ENOENT (no such file or folder)", "columns unit and cid"],
  ["registry check empty", 2, "empty:1: no column unit or cid", "the columns are unit,cid"],
  ["config check object.json", 2, "object.json: larmkod: is missing", "livlina config schema"],
  ["config check noise", 2, "noise: no JSON: ", "livlina config schema"],
  ["ota show none", 2, "none cannot be read: ENOENT (no such file or folder)", "livlina ota sign"],
  ["ota show folder", 2, "folder cannot be read: EISDIR (it is a folder)", "livlina ota sign"],
  ["ota status --state object.json", 2, "object.json: version: is missing", "livlina ota run"],
  ["explain silnt-open", 2, 'no table holds "silnt-open"', 'did you mean "silent-open"?'],
  ["completion zhs", 2, "'zhs' is invalid", "livlina completion --help"],
  ["load --via 127.0.0.1:5060", 2, "--via 127.0.0.1:5060 is not udp|tcp|tls:HOST:PORT", "--via udp:127.0.0.1:5060"],
  ["load --via udp:192.0.2.7:5060", 4, "192.0.2.7 is not a loopback address", "add --allow 192.0.2.7"],
  [
    "load --via udp:192.0.2.7:5060 --allow 192.0.2.7 --rate 21",
    4,
    "21 messages a second to udp:192.0.2.7:5060: more than 20",
    "--most-rate 21",
  ],
  [`${load} --rate 9 --most-rate 8`, 4, "9 messages a second to udp:127.0.0.1:5060: more than 8", "--most-rate 9"],
  [`${load} --profile beat`, 2, "--profile beat", "beats"],
  [`${load} --units 0`, 2, "--units 0 is not a whole number from 1 to 1000000", "--units 1"],
  [`${load} --profile firmware --units 2001`, 2, "--units 2001 is not a whole number from 1 to 2000", "--units 1"],
  [`${load} --larmkod 9999 --units 2`, 2, "--larmkod 9999: no room for 2 units behind it", "--larmkod 4600000001"],
  [`${load} --rate fast`, 2, "--rate fast is not a rate", "--rate 100"],
  [`${load} --rate-from 10`, 2, "a search needs --rate-from, --rate-to and --step", "--rate-from 1000"],
  [`${load} --rate-from 1 --rate-to 5000 --step 1`, 2, "from 1 to 5000 by 1 is not 1 to 1000 steps", "a larger --step"],
  [`${load} --until heard`, 2, "--until heard", "carried"],
  [`${load} --out load.png`, 2, "--out load.png is neither .html nor .csv", "--out load.html"],
  [
    "load --via tcp:127.0.0.1:5060",
    2,
    "--profile beats speaks UDP alone",
    "--profile firmware --via tcp:127.0.0.1:5060",
  ],
  [`${load} --profile firmware --until carried`, 2, "--profile firmware plays a steady load", "--rate N"],
  ["load --via udp:127.0.0.1:1", 3, "no receiver listens on udp:127.0.0.1:1", "livlina receiver --listen"],
];

test.each(situations)("livlina %s", async (line, code, what, hint) => {
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const ended = await main(line.split(" "));
  vi.restoreAllMocks();
  const said = err.join("");
  expect(ended).toBe(code);
  expect(said).toContain(what);
  expect(said).toMatch(/\n {2}try: \S[^\n]*\n$/);
  expect(said.slice(said.indexOf("\n  try: "))).toContain(hint);
  expect(said.indexOf(what)).toBeLessThan(said.indexOf("\n  try: "));
  expect(said).not.toMatch(/^ {4}at |undefined|\[object/m);
  expect(said.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(out.join("")).toMatch(line.includes("--json") ? /^\{.*\}\n$/ : /^$/);
});

test("there are at least sixty situations, of every group of commands", () => {
  expect(situations.length).toBeGreaterThanOrEqual(60);
});
