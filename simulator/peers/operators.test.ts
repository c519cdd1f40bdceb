import { expect, test } from "vitest";
import type { Media } from "../../firmware/ports/media.ts";
import { digestResponse, digestSecret } from "../../protocol/sip/digest.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import { silenceLimitMs } from "../live/rtp/sound.ts";
import { lineLimit, type OperatorsOptions } from "./operators.ts";
import { centre, OperatorsBench } from "./operators-bench.ts";
import { cid, ReceiverBench } from "./receiver-bench.ts";

const silence: Media = { start: () => {}, open: () => {}, volume: () => {}, close: () => {} };
/** One who would answer, in a world without sound. */
const operators: OperatorsOptions = { count: 1, mode: "answers", openMedia: () => silence };
const callBack = { voice: { mre: 1, cre: 5 } } as const;

test("an operator takes the unit's call, talks, presses 0, and the unit hangs up", () => {
  const bench = new OperatorsBench("answers", { keys: "47", talkMs: 12_000 });
  const home = bench.home();
  home.dial();
  bench.run(1_000);
  expect([home.events, bench.told]).toEqual([[], ["rung 1"]]);
  bench.run(5_000);
  expect(home.sound.hears).toBe(true);
  bench.run(30_000);
  expect(home.events).toEqual(["answered", "key 4", "key 7", "key 0"]);
  expect(bench.told).toEqual(["rung 1", "answered 1", "key-sent 1 4", "key-sent 1 7", "key-sent 1 0", "ended 1 over"]);
  expect(bench.news[0]).toMatchObject({ type: "call", cid: `${cid}1`, from: "198.51.100.1:5060", transport: "udp" });
});

test.each([
  ["hangs-up", ["answered", "ended over"], ["rung 1", "answered 1", "hung-up 1"]],
  ["engaged", ["ended busy"], ["engaged 0"]],
  ["no-answer", [], ["rung 1"]],
  ["presses", ["answered", ..."478130".split("").map((key) => `key ${key}`)], undefined],
  ["never-calls", ["answered", "key 0"], ["rung 1", "answered 1", "key-sent 1 0", "ended 1 over"]],
] as const)("operators in mode %s treat a call so", (mode, seen, told) => {
  const bench = new OperatorsBench(mode);
  const home = bench.home();
  home.dial();
  bench.run(60_000);
  expect(home.events).toEqual(seen);
  if (told !== undefined) expect(bench.told).toEqual(told);
});

test("one who lets it ring hears when the unit gives up", () => {
  const bench = new OperatorsBench("no-answer");
  const home = bench.home();
  home.dial();
  bench.run(90_000);
  home.phone.hangUp();
  bench.run(1_000);
  expect(bench.told).toEqual(["rung 1", "ended 1 no-answer"]);
  expect(bench.receiver.counts.operatorsBusy).toBe(0);
});

test("in mode one-way no sound reaches the unit, which takes its call for lost", () => {
  const bench = new OperatorsBench("one-way", { talkMs: 10 * silenceLimitMs });
  const home = bench.home();
  home.dial();
  bench.run(5_000);
  expect([home.events, home.sound.hears]).toEqual([["answered"], false]);
  bench.run(silenceLimitMs + 5_000);
  expect(home.events).toEqual(["answered", "ended lost"]);
  expect(bench.told).toEqual(["rung 1", "answered 1", "ended 1 over"]);
});

test("no more units than operators are talked with, and a further one hears busy until one is free", () => {
  const bench = new OperatorsBench("answers", { count: 2 });
  const homes = [bench.home(), bench.home(), bench.home()];
  for (const home of homes) home.dial();
  bench.run(5_000);
  expect(homes.map(({ events }) => events)).toEqual([["answered"], ["answered"], ["ended busy"]]);
  expect(bench.receiver.counts.operatorsBusy).toBe(2);
  expect(bench.statuses).toContain(486);
  expect(bench.told).toContain("engaged 0");
  bench.run(60_000);
  homes[2]?.dial();
  bench.run(5_000);
  expect(homes[2]?.events).toEqual(["ended busy", "answered"]);
});

test.each([
  ["leaves crd out", {}],
  ["offers SIP", { crd: "sip:" }],
  ["offers SIP by its old name", { crd: "sip-pp:" }],
])(
  "to an alarm that %s a promised call comes after the mrs, from the account that the unit had turned to",
  (_what, changes) => {
    const bench = new OperatorsBench("answers", {}, callBack);
    const home = bench.home();
    bench.alarm(home, changes);
    bench.run(2_000);
    expect(home.events).toEqual([]);
    bench.run(60_000);
    expect(home.events).toEqual([`incoming ${centre}`, "key 0"]);
    expect(bench.told).toEqual(["called 1", "answered 1", "key-sent 1 0", "ended 1 over"]);
  },
);

test.each(["engaged", "no-answer", "never-calls"] as const)("in mode %s a promised call never comes", (mode) => {
  const bench = new OperatorsBench(mode, {}, callBack);
  const home = bench.home();
  bench.alarm(home);
  bench.run(600_000);
  expect([home.events, bench.told]).toEqual([[], []]);
});

test.each([
  ["an mrs that leaves the call to the unit", { voice: { mre: 1 } }, {}],
  ["one that names where to call", { voice: { mre: 1, cre: 62, tnu: ["sip:plats2@larm.example.net"] } }, {}],
  ["one without a call", { voice: { mre: 0, cre: 5 } }, {}],
  ["an alarm that offers no call", callBack, { crd: "no-voice:" }],
  ["an alarm that offers a mobile call alone", callBack, { crd: "gsm:+46701234567" }],
] as const)("after %s no operator calls", (_what, options, changes) => {
  const bench = new OperatorsBench("answers", {}, options);
  const home = bench.home();
  bench.alarm(home, changes);
  bench.run(600_000);
  expect([home.events, bench.told]).toEqual([[], []]);
});

test("a promised call waits for a free operator, and is not made when its time is over", () => {
  const bench = new OperatorsBench("answers", { talkMs: 50_000 }, { voice: { mre: 1, cre: 1 } });
  const homes = [bench.home(), bench.home(), bench.home()];
  for (const home of homes) bench.alarm(home);
  bench.run(40_000);
  expect(homes.map(({ events }) => events.length)).toEqual([1, 0, 0]);
  bench.run(300_000);
  // The third would have been called after 100 s, and its unit took calls for a minute.
  expect(homes.map(({ events }) => events)).toEqual([
    [`incoming ${centre}`, "key 0"],
    [`incoming ${centre}`, "key 0"],
    [],
  ]);
});

test("a unit that repeats its alarm is not called twice, and one that does not answer is given up", () => {
  const bench = new OperatorsBench("answers", {}, callBack);
  const home = bench.home();
  home.takes = false;
  bench.alarm(home);
  bench.run(1_000);
  bench.alarm(home);
  bench.run(10_000);
  bench.alarm(home);
  bench.run(200_000);
  expect(bench.told).toEqual(["called 1", "hung-up 1"]);
  expect(home.events).toEqual([`incoming ${centre}`, "ended no-answer"]);
  expect(bench.receiver.counts.operatorsBusy).toBe(0);
});

test("without operators an INVITE is refused with 405, and the answer names what is taken", () => {
  const bench = new ReceiverBench();
  bench.hear(bench.message("", { "Content-Type": "" }, "INVITE"));
  expect(bench.sent[0]?.message).toMatchObject({
    status: 405,
    headers: [{ name: "Allow", value: "MESSAGE, OPTIONS, REGISTER" }],
  });
  bench.hear(bench.message("", { "Content-Type": "" }, "ACK"));
  expect(bench.sent.length).toBe(1);
});

test("a receiver that refuses or hears nothing takes no calls either", () => {
  const refusing = new OperatorsBench("answers", {}, { mode: "sip-503" });
  const home = refusing.home();
  home.dial();
  refusing.run(5_000);
  expect([home.events, refusing.told]).toEqual([["ended failed"], []]);
  const mute = new OperatorsBench("answers", {}, { mode: "silent-open" });
  mute.home().dial();
  mute.run(60_000);
  expect(mute.told).toEqual([]);
});

test("when the receiver goes down its calls are gone, and its operators are free when it is back", () => {
  const bench = new OperatorsBench("answers");
  const home = bench.home();
  home.dial();
  bench.run(5_000);
  expect(home.sound.hears).toBe(true);
  bench.receiver.setMode("refuse-connect");
  expect([home.sound.hears, bench.receiver.counts.operatorsBusy]).toEqual([false, 0]);
  bench.run(silenceLimitMs + 2_000);
  expect(home.events).toEqual(["answered", "ended lost"]);
  expect(bench.told).toEqual(["rung 1", "answered 1"]);
  bench.receiver.setMode("normal");
  home.dial();
  bench.run(5_000);
  expect(home.events).toEqual(["answered", "ended lost", "answered"]);
});

test("an application that falls silent takes nothing from a call that is on", () => {
  const bench = new OperatorsBench("answers");
  const home = bench.home();
  home.dial();
  bench.run(5_000);
  bench.receiver.setMode("silent-after-200");
  bench.run(30_000);
  expect(home.events).toEqual(["answered", "key 0"]);
});

test("a call that no telephone can take leaves its operator free", () => {
  const bench = new ReceiverBench({ operators });
  const video = "v=0\r\no=- 1 1 IN IP4 10.0.0.4\r\ns=-\r\nc=IN IP4 10.0.0.4\r\nt=0 0\r\nm=video 40002 RTP/AVP 31\r\n";
  bench.hear(bench.message(video, { "Content-Type": "application/sdp", Contact: "<sip:u@10.0.0.4>" }, "INVITE"));
  expect(bench.sent.map(({ message }) => message)).toMatchObject([{ status: 488 }]);
  expect(bench.receiver.counts.operatorsBusy).toBe(0);
});

test("what belongs to a call that nobody knows is answered 481, and an ACK not at all; nothing is kept of them", () => {
  const bench = new ReceiverBench({ operators });
  for (const method of ["BYE", "CANCEL", "INFO", "ACK"])
    bench.hear(bench.message("", { "Content-Type": "", To: "<sip:larm@larm.example.net>;tag=x" }, method));
  expect(bench.sent.map(({ message }) => message)).toMatchObject([{ status: 481 }, { status: 481 }, { status: 481 }]);
  expect(bench.receiver.counts).toMatchObject({ callsKnown: 0, operatorsBusy: 0 });
});

test("a receiver that asks who calls asks once: the copy of a call that may pass rings as the first did", () => {
  const account = { user: "enhet", password: "hemligt", realm: "larm.example.net" };
  const bench = new ReceiverBench({ operators, digest: account });
  const call = { "Content-Type": "", Contact: "<sip:u@10.0.0.4>" };
  bench.hear(bench.message("", call, "INVITE"));
  const [asked] = bench.sent;
  const challenge = asked?.message.kind === "response" ? headerOf(asked.message, "WWW-Authenticate") : undefined;
  const nonce = /nonce="([0-9a-f]+)"/.exec(challenge ?? "")?.[1] ?? "";
  const uri = "sip:mottagning@larm.example.net";
  const secret = digestSecret("MD5", account.user, account.realm, account.password);
  const terms = { algorithm: "MD5", secret, method: "INVITE", uri, nonce, qop: "auth", nc: 1, cnonce: "c1" } as const;
  const Authorization =
    `Digest username="enhet", realm="larm.example.net", nonce="${nonce}", uri="${uri}", algorithm=MD5, ` +
    `qop=auth, nc=00000001, cnonce="c1", response="${digestResponse(terms)}"`;
  const passing = bench.message("", { ...call, Authorization }, "INVITE");
  bench.hear(passing);
  bench.hear(passing);
  expect(bench.sent.map(({ message }) => (message.kind === "response" ? message.status : 0))).toEqual([401, 180, 180]);
  expect(bench.receiver.counts.operatorsBusy).toBe(1);
});

test("calls of the past are forgotten beyond a limit, and one that is on is not", () => {
  const bench = new OperatorsBench("answers", { talkMs: 9_000_000 });
  const homes = [bench.home(), bench.home()];
  homes[0]?.dial();
  bench.run(5_000);
  for (let i = 0; i < lineLimit + 50; i++) {
    homes[1]?.dial();
    bench.run(1_000);
  }
  expect(bench.receiver.counts.callsKnown).toBe(lineLimit);
  expect(homes[0]?.events).toEqual(["answered"]);
  homes[0]?.phone.hangUp();
  bench.run(1_000);
  expect(bench.told.at(-1)).toBe("ended 1 over");
});
