import { expect, test } from "vitest";
import { headerOf } from "../../protocol/sip/message.ts";
import { alarm, cid, ReceiverBench, unitAddress } from "./receiver-bench.ts";

const moved = { host: "198.51.100.99", port: 40_001 };
const device = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000000000001>"';
const account = `<sip:${cid}@larm.example.net>`;

/** Registers and answers the status with the bindings that are listed. */
function register(
  bench: ReceiverBench,
  contact: string,
  from = unitAddress,
  more: Record<string, string> = {},
): string[] {
  const before = bench.sent.length;
  const changes = { Contact: contact, To: account, "Content-Type": "", ...more };
  bench.hear(bench.message("", changes, "REGISTER"), from);
  const answer = bench.sent[before]?.message;
  if (answer?.kind !== "response") return [];
  return [String(answer.status), ...answer.headers.filter(({ name }) => name === "Contact").map(({ value }) => value)];
}

function lastAnswerTo(bench: ReceiverBench): unknown {
  return bench.sent.filter(({ message }) => message.kind === "request").at(-1)?.to;
}

test("the mrs goes where the unit registered, and to the source of the alarm where it never did or no longer is", () => {
  const bench = new ReceiverBench();
  bench.ask(alarm("A1B2C3D4E5F6000"));
  expect(lastAnswerTo(bench)).toEqual(unitAddress);
  expect(register(bench, "<sip:x@10.0.0.4:5060>;expires=600", moved)).toEqual([
    "200",
    "<sip:x@10.0.0.4:5060>;expires=600",
  ]);
  bench.ask(alarm("A1B2C3D4E5F7000"));
  expect(lastAnswerTo(bench)).toEqual(moved);
  bench.passAnswering(600_000);
  bench.ask(alarm("A1B2C3D4E5F8000"));
  expect(lastAnswerTo(bench)).toEqual(unitAddress);
});

test("each flow of a device has one binding, and the one that was named newest is used", () => {
  const bench = new ReceiverBench();
  register(bench, `<sip:x@10.0.0.4:5060>;reg-id=1;${device}`);
  const both = register(bench, `<sip:x@10.1.0.4:5060>;reg-id=2;${device}`, moved);
  expect(both.length).toBe(3);
  bench.ask(alarm("A1B2C3D4E5F6000"));
  expect(lastAnswerTo(bench)).toEqual(moved);
  expect(register(bench, `<sip:x@10.0.0.9:5060>;reg-id=1;${device}`).length).toBe(3);
  bench.ask(alarm("A1B2C3D4E5F7000"));
  expect(lastAnswerTo(bench)).toEqual(unitAddress);
});

test("a lifetime is bounded both ways, a binding is dropped with 0, and all of them with a star", () => {
  const bench = new ReceiverBench();
  expect(register(bench, "<sip:a@10.0.0.4>;expires=59")).toEqual(["423"]);
  const refused = bench.sent.at(-1)?.message;
  expect(refused === undefined ? undefined : headerOf(refused, "Min-Expires")).toBe("60");
  expect(register(bench, "<sip:a@10.0.0.4>;expires=99999")).toEqual(["200", "<sip:a@10.0.0.4>;expires=3600"]);
  expect(register(bench, "<sip:b@10.0.0.4>", unitAddress, { Expires: "120" })).toHaveLength(3);
  expect(register(bench, "<sip:a@10.0.0.4>;expires=0")).toEqual(["200", "<sip:b@10.0.0.4>;expires=120"]);
  expect(register(bench, "*", unitAddress, { Expires: "0" })).toEqual(["200"]);
  bench.ask(alarm("A1B2C3D4E5F6000"));
  expect(lastAnswerTo(bench)).toEqual(unitAddress);
});

test("a REGISTER that was overtaken on its way changes nothing, and one that cannot be read is refused", () => {
  const bench = new ReceiverBench();
  const call = { "Call-ID": "r@10.0.0.4" };
  register(bench, "<sip:a@10.0.0.4>;expires=600", moved, { ...call, CSeq: "2 REGISTER" });
  expect(register(bench, "<sip:a@10.0.0.4>;expires=0", unitAddress, { ...call, CSeq: "1 REGISTER" })).toEqual(["500"]);
  expect(register(bench, "<sip:a@10.0.0.4", unitAddress)).toEqual(["400"]);
  bench.ask(alarm("A1B2C3D4E5F6000"));
  expect(lastAnswerTo(bench)).toEqual(moved);
});

test("who asks for digest wants it of a REGISTER too, and a registration is an event", () => {
  const open = new ReceiverBench();
  register(open, "<sip:a@10.0.0.4>;expires=600");
  expect(open.events.map(({ type, cid: who, answer }) => [type, who, answer])).toEqual([
    ["registered", cid, "sip 200"],
  ]);
  const shut = new ReceiverBench({ digest: { user: "u", password: "p", realm: "r" } });
  expect(register(shut, "<sip:a@10.0.0.4>;expires=600")).toEqual(["401"]);
});

test("no more units and no more bindings of one are kept than the limits", () => {
  const bench = new ReceiverBench({ limit: 3 });
  for (let i = 0; i < 6; i++) register(bench, `<sip:a@10.0.0.${i}>`);
  expect(register(bench, "<sip:a@10.0.0.6>")).toHaveLength(1 + 4);
  for (const user of ["1", "2", "3"])
    bench.hear(bench.message("", { Contact: "<sip:a@10.0.0.1>", To: `<sip:${user}@larm.example.net>` }, "REGISTER"));
  // The first of four accounts is forgotten: it starts with one binding again.
  expect(register(bench, "<sip:a@10.0.0.7>")).toHaveLength(1 + 1);
});
