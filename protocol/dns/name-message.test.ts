/** Questions to name servers byte by byte, and answers whole, cut off, forged and circular. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeNameAnswer, encodeNameQuestion, mostNameRecords, type NameRecordType } from "./name-message.ts";

const name = "_sip._udp.larm.example";

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

/** The question as the server repeats it, behind a head that says how many records follow. */
function answerHead(type: NameRecordType, asked: string, count: number, flags = "8180"): string {
  const question = Buffer.from(encodeNameQuestion(0x1234, asked, type) ?? []).toString("hex");
  return `1234${flags}0001${count.toString(16).padStart(4, "0")}00000000${question.slice(24)}`;
}

const toQuestion = "c00c";

test("a question is one query for one name, and asks the server to go on asking", () => {
  expect(Buffer.from(encodeNameQuestion(0x1234, "a.bc", "address") ?? []).toString("hex")).toBe(
    "123401000001000000000000016102626300" + "00010001",
  );
  expect(encodeNameQuestion(1, "a.bc", "address6")?.at(-3)).toBe(28);
  expect(encodeNameQuestion(1, "a.bc", "service")?.at(-3)).toBe(33);
});

test("a name with an empty or long label, beyond 255 bytes or beyond ASCII is none", () => {
  for (const wrong of ["", ".", "a..b", "a.", ".a", "x".repeat(64), "å.example"])
    expect(encodeNameQuestion(1, wrong, "address")).toBeUndefined();
  const longest = `${"x".repeat(63)}.${"x".repeat(63)}.${"x".repeat(63)}.${"x".repeat(61)}`;
  expect(encodeNameQuestion(1, longest, "address")).toHaveLength(12 + 255 + 4);
  expect(encodeNameQuestion(1, `${longest}x`, "address")).toBeUndefined();
  expect(encodeNameQuestion(1, `${longest}.${"x".repeat(63)}`, "address")).toBeUndefined();
});

test("addresses of both kinds and servers of a service are told with their times, other records are skipped", () => {
  const a = `${answerHead("address", "a.bc", 2)} ${toQuestion} 0005 0001 0000000a 0002 c00c ${toQuestion} 0001 0001 0000003c 0004 c0000207`;
  expect(decodeNameAnswer(hex(a), 0x1234, "A.BC", "address")).toEqual({
    ok: true,
    value: [{ type: "address", address: "192.0.2.7", ttlS: 60 }],
  });
  const six = `${answerHead("address6", "a.bc", 1)} ${toQuestion} 001c 0001 0000003c 0010 20010db8 00000000 00000000 00000007`;
  expect(decodeNameAnswer(hex(six), 0x1234, "a.bc", "address6")).toMatchObject({
    value: [{ address: "2001:db8:0:0:0:0:0:7" }],
  });
  const srv = `${answerHead("service", name, 2)} ${toQuestion} 0021 0001 0000003c 000b 0001 0002 13c4 0161 c016 00 ${toQuestion} 0021 0001 00000000 0007 0000 0000 0000 00`;
  expect(decodeNameAnswer(hex(srv), 0x1234, name, "service")).toEqual({
    ok: true,
    value: [
      { type: "service", priority: 1, weight: 2, port: 5_060, host: "a.larm.example", ttlS: 60 },
      { type: "service", priority: 0, weight: 0, port: 0, host: ".", ttlS: 0 },
    ],
  });
});

test("a name that does not exist has no records; a server that fails is no answer", () => {
  expect(decodeNameAnswer(hex(answerHead("address", "a.bc", 0, "8183")), 0x1234, "a.bc", "address")).toEqual({
    ok: true,
    value: [],
  });
  expect(decodeNameAnswer(hex(answerHead("address", "a.bc", 0, "8182")), 0x1234, "a.bc", "address").ok).toBe(false);
});

test("an answer to another question, of another number, or that is a question itself is refused", () => {
  const good = answerHead("address", "a.bc", 0);
  const judge = (text: string, id = 0x1234, asked = "a.bc", type: NameRecordType = "address"): boolean =>
    decodeNameAnswer(hex(text), id, asked, type).ok;
  expect(judge(good)).toBe(true);
  expect(judge(good, 0x1235)).toBe(false);
  expect(judge(good, 0x1234, "a.bd")).toBe(false);
  expect(judge(good, 0x1234, "a.bc", "service")).toBe(false);
  expect(judge(answerHead("address", "a.bc", 0, "0180"))).toBe(false);
  expect(judge(`${good.slice(0, -4)}0003`)).toBe(false);
  expect(judge(good.replace("81800001", "81800002"))).toBe(false);
});

test("a record of the wrong length, and a service without a whole name, tell nothing", () => {
  const short = `${answerHead("address", "a.bc", 1)} ${toQuestion} 0001 0001 0000003c 0003 c00002`;
  expect(decodeNameAnswer(hex(short), 0x1234, "a.bc", "address")).toEqual({ ok: true, value: [] });
  const six = `${answerHead("address6", "a.bc", 1)} ${toQuestion} 001c 0001 0000003c 0004 c0000207`;
  expect(decodeNameAnswer(hex(six), 0x1234, "a.bc", "address6")).toEqual({ ok: true, value: [] });
  const srv = `${answerHead("service", name, 1)} ${toQuestion} 0021 0001 0000003c 0007 0001 0002 13c4 80`;
  expect(decodeNameAnswer(hex(srv), 0x1234, name, "service")).toEqual({ ok: true, value: [] });
});

test("pointers that turn in a circle, and labels that make a name too long, end the reading", () => {
  const at = Buffer.from(hex(answerHead("address", "a.bc", 1))).length;
  const self = (0xc000 | at).toString(16);
  const circle = `${answerHead("address", "a.bc", 1)} ${self} 0001 0001 0000003c 0004 c0000207`;
  expect(decodeNameAnswer(hex(circle), 0x1234, "a.bc", "address").ok).toBe(false);
  const long = `${answerHead("address", "a.bc", 1)} ${`3f${"61".repeat(63)}`.repeat(5)} 00 0001 0001 0000003c 0004 c0000207`;
  expect(decodeNameAnswer(hex(long), 0x1234, "a.bc", "address").ok).toBe(false);
});

test("at most sixteen records are told", () => {
  const one = `${toQuestion} 0001 0001 0000003c 0004 c0000207`;
  const many = `${answerHead("address", "a.bc", 40)} ${one.repeat(40)}`;
  const read = decodeNameAnswer(hex(many), 0x1234, "a.bc", "address");
  expect(read.ok && read.value.length).toBe(mostNameRecords);
});

test("a cut-off answer is refused at each length, and no bytes make the decoder throw", () => {
  const whole = hex(`${answerHead("address", "a.bc", 1)} ${toQuestion} 0001 0001 0000003c 0004 c0000207`);
  for (let length = 0; length < whole.length; length++)
    expect(decodeNameAnswer(whole.subarray(0, length), 0x1234, "a.bc", "address").ok).toBe(false);
  const type = fc.constantFrom<NameRecordType>("address", "address6", "service");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), type, (noise, asked) => {
      decodeNameAnswer(noise, 0, "a.bc", asked);
      decodeNameAnswer(Uint8Array.from([...hex(answerHead(asked, "a.bc", 3)), ...noise]), 0x1234, "a.bc", asked);
    }),
  );
});
