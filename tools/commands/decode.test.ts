/** `livlina decode` and `livlina encode` as programs and people start them. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { sealFrame } from "../../protocol/radio/frame.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { main } from "../cli.ts";
import { inputByteLimit } from "../decode/input.ts";

const bin = new URL("../livlina.js", import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), "livlina-decode-"));
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function command(...args: string[]) {
  const out: Buffer[] = [];
  const err: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((bytes) => out.push(Buffer.from(bytes)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, out: Buffer.concat(out).toString(), err: err.join("") };
}

let count = 0;
function file(content: string | Uint8Array): string {
  const path = join(place, `${count++}`);
  writeFileSync(path, content);
  return path;
}

const alarm = '{"ref":"A1","mty":"ME","cid":"46","dty":3}';
const alarmXml = "<mrq><ref>A1</ref><mty>ME</mty><cid>46</cid><dty>0003</dty></mrq>";
const hex = (text: string): string => Buffer.from(text).toString("hex");

test("a file, and hexadecimal text in a file or in its place", async () => {
  const json = `${alarm}\n`;
  expect(await command("decode", "scaip", file(alarmXml), "--json")).toEqual({ code: 0, out: json, err: "" });
  expect(await command("decode", "scaip", hex(alarmXml), "--hex", "--json")).toMatchObject({ code: 0, out: json });
  const spaced = hex(alarmXml).replace(/../g, "$& ").toUpperCase();
  expect(await command("decode", "scaip", file(`${spaced}\n`), "--hex", "--json")).toMatchObject({
    code: 0,
    out: json,
  });
  expect((await command("decode", "scaip", file(alarmXml))).out).toContain("44    dty  device type: 3 = ");
});

test("stdin is the input where no file is named, or -", () => {
  const input = Buffer.from(alarmXml);
  const node = process.execPath;
  expect(execFileSync(node, [bin, "decode", "scaip", "--json"], { input, encoding: "utf8" })).toBe(`${alarm}\n`);
  const written = execFileSync(node, [bin, "encode", "scaip", "-"], { input: alarm });
  expect(written).toEqual(input);
  const cut = spawnSync(node, [bin, "decode", "sip", "-"], { input: "MESSAGE", encoding: "utf8" });
  expect(cut).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("stdin: the message ends too early at byte 7\n"),
  });
}, 30_000);

test("what is not valid ends with 1, reason and byte offset; with --json also on stdout", async () => {
  const path = file("<mrq><ref>A1</ref><cid>46</cid><dty>x</dty></mrq>");
  const plain = await command("decode", "scaip", path);
  expect(plain).toMatchObject({ code: 1, out: "" });
  expect(plain.err).toContain(`${path}: dty has the unknown value x at byte 36\n  try: a receiver would answer snu 3`);
  const json = await command("decode", "scaip", path, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toEqual({
    valid: false,
    at: 36,
    reason: "dty has the unknown value x at byte 36",
    fault: { kind: "unknown-value", at: 36, field: "dty", value: "x" },
  });
});

test("the key opens a radio frame, and must be 16 bytes", async () => {
  const key = new Uint8Array(16).fill(7);
  const press = {
    nameDistance: 0,
    ageS: 0,
    batteryMv: 3000,
    presses: 1,
    reason: "fall",
    low: true,
    form: "neck",
  } as const;
  const frame = Buffer.from(sealFrame(aesBlock(key), 5, 6, { type: "press", press })).toString("hex");
  const opened = await command("decode", "radio", frame, "--hex", "--json", "--key", "07".repeat(16));
  expect(JSON.parse(opened.out)).toMatchObject({ type: "press", address: 5, counter: 6, proven: true, message: press });
  expect((await command("decode", "radio", frame, "--hex")).out).toContain("readable with --key");
  expect(await command("decode", "radio", frame, "--hex", "--key", "08".repeat(16))).toMatchObject({ code: 1 });
  expect(await command("decode", "radio", frame, "--hex", "--key", "0708")).toMatchObject({ code: 2 });
  expect(await command("decode", "radio", frame, "--hex", "--key", "xy")).toMatchObject({ code: 2 });
});

test("wrong usage is 2, an unreadable file 3, input beyond its bound 2", async () => {
  for (const args of [
    ["scaap", "x"],
    ["scaip", "x", "--key", "00"],
    ["at", "x", "--dialect", "klingon"],
    ["scaip", "4", "--hex"],
    ["scaip", file("0g"), "--hex"],
  ])
    expect(await command("decode", ...args), args.join(" ")).toMatchObject({ code: 2, out: "" });
  expect(await command("decode", "scaip", join(place, "gone"))).toMatchObject({ code: 3, out: "" });
  expect(await command("decode", "scaip", place)).toMatchObject({ code: 3 });
  expect(await command("encode", "scaip", join(place, "gone"))).toMatchObject({ code: 3 });
  const line = "AT\r\nOK\r\n";
  const most = line.repeat(inputByteLimit / line.length);
  expect(await command("decode", "at", file(most), "--json")).toMatchObject({ code: 0 });
  expect(await command("decode", "at", file(`${most}O`))).toMatchObject({
    code: 2,
    err: expect.stringContaining("longer than 65536 bytes"),
  });
});

test("every kind has help with its JSON and an example", async () => {
  for (const kind of ["scaip", "sip", "radio", "at", "console"]) {
    const { code, out } = await command("decode", kind, "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/--json prints \w+/);
    expect(out).toContain(`\n  livlina decode ${kind} `);
  }
});

test("schema prints the JSON Schema of a kind, and knows no other kind", async () => {
  for (const kind of ["scaip", "sip", "radio", "at", "console"]) {
    const { code, out } = await command("decode", "schema", kind);
    expect({ code, title: (JSON.parse(out) as { title: string }).title }).toEqual({
      code: 0,
      title: `livlina decode ${kind} --json`,
    });
  }
  expect(await command("decode", "schema", "morse")).toMatchObject({ code: 2, out: "" });
});

test("a refused document says what the other side would make of it", async () => {
  const said = async (xml: string) => (await command("decode", "scaip", file(xml))).err;
  expect(await said("<mrq><ref>A1</ref><cid>46</cid></mrq>")).toContain("try: a receiver would answer snu 7;");
  expect(await said("<mrq><cid>46</cid><dty>3</dty></mrq>")).toContain("try: a receiver would answer snu 10;");
  expect(await said("alarm")).toContain("try: a receiver would answer SIP 400: no ref is to be found;");
  expect(await said("<mrs><ref>A1</ref></mrs>")).toContain("try: a unit would pass over this response");
});

test("every golden document comes out of encode byte for byte", async () => {
  for (const name of ["requests", "responses"]) {
    const path = new URL(`../../protocol/vectors/scaip/${name}.json`, import.meta.url);
    for (const { xml, value } of JSON.parse(readFileSync(path, "utf8")) as { xml: string; value: object }[])
      expect(await command("encode", "scaip", file(JSON.stringify(value)))).toEqual({ code: 0, out: xml, err: "" });
  }
});

test.each([
  ["no cid", { cid: undefined }, "cid is missing", "a text of 1 to 16 digits"],
  ["a code as text", { dty: "0003" }, 'dty cannot be "0003"', "a whole number from 0 to 9999"],
  ["a code too high", { stc: 10000 }, "stc cannot be 10000", "from 0 to 9999"],
  ["half a code", { stc: 1.5 }, "stc cannot be 1.5", "a whole number"],
  ["a reference with a dash", { ref: "A-1" }, 'ref cannot be "A-1"', "1 to 16 of A-Z a-z 0-9"],
  ["a text that would be cut", { dte: "x".repeat(33) }, "dte cannot be", "1 to 32 characters"],
  ["a blank at an end", { stt: " x" }, 'stt cannot be " x"', "blanks not at the ends"],
  ["a control character", { stt: "a\u0000b" }, "stt cannot be", "1 to 32 characters"],
  ["an unknown type", { mty: "MM" }, 'mty cannot be "MM"', '"ME", "RE", "IN" or "PI"'],
  ["a medium that is no list", { crd: "sip:a" }, 'crd cannot be "sip:a"', "a list of 1 to 8, each 1 to 256"],
  ["too many media", { crd: Array(9).fill("sip:a") }, "crd cannot be", "a list of 1 to 8"],
  ["a wrong thing inside", { lge: { geo: 5 } }, "geo cannot be 5", "1 to 23 characters of ASCII"],
  ["a wrong name inside", { lge: { gea: "5" } }, "gea is no element of mrq", "did you mean geo?"],
  ["a wrong name", { dtee: "x" }, "dtee is no element of mrq", "did you mean dte?"],
  ["an element of the other document", { snu: 0 }, "mty is no element of mrs", "there are ref snu"],
  ["more than a message holds", { crd: Array(8).fill("&".repeat(256)) }, "longer", "shorter"],
])("encode refuses %s with 2, the tag and what is allowed", async (_what, change, message, allowed) => {
  const { code, out, err } = await command(
    "encode",
    "scaip",
    file(JSON.stringify({ ...JSON.parse(alarm), ...change })),
  );
  expect({ code, out }).toEqual({ code: 2, out: "" });
  const [first, second] = err.split("\n  try: ");
  expect(first).toContain(message);
  expect(second).toContain(allowed);
});

test("what is no JSON object is refused with 2", async () => {
  for (const text of ["", "[]", "null", "7", "{"])
    expect(await command("encode", "scaip", file(text))).toMatchObject({ code: 2 });
});

test("bench says what there is to measure, and refuses a wrong name or length", async () => {
  expect((await command("bench", "--help")).out).toContain("livlina bench codec");
  expect(await command("bench", "codek")).toMatchObject({
    code: 2,
    err: expect.stringContaining("livlina bench codec"),
  });
  for (const length of ["9", "60001", "x"])
    expect(await command("bench", "codec", "--round-ms", length)).toMatchObject({ code: 2 });
  const { code, out } = await command("bench", "codec", "--round-ms", "10", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    machine: expect.stringContaining(process.version),
    rounds: 3,
    benches: [
      { bench: "codec", exchange: [{ name: "livlina", ratio: 1 }, { name: "saxes" }, { name: "fast-xml-parser" }] },
    ],
  });
});
