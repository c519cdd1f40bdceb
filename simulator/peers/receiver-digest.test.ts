import { expect, test } from "vitest";
import { credentialsText, digestResponse, digestSecret, parseChallenges } from "../../protocol/sip/digest.ts";
import { headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { alarm, ReceiverBench } from "./receiver-bench.ts";
import { DigestGate } from "./receiver-digest.ts";

const account = { user: "4607110231", password: "provkod-77", realm: "larm.example.net" };
const uri = "sip:mottagning@larm.example.net";

interface Key {
  readonly nonce: string;
  readonly nc?: number;
  readonly user?: string;
  readonly password?: string;
  readonly realm?: string;
  readonly uri?: string;
  readonly qop?: boolean;
  readonly method?: string;
}

/** An Authorization header value. */
function authorization(key: Key): string {
  const { nonce, nc = 1, user = account.user, password = account.password, realm = account.realm } = key;
  const qop = key.qop === false ? undefined : "auth";
  const secret = digestSecret("MD5", user, realm, password);
  const method = key.method ?? "MESSAGE";
  const cnonce = "0a4f113b";
  const response = digestResponse({ algorithm: "MD5", secret, method, uri: key.uri ?? uri, nonce, qop, nc, cnonce });
  const counted = qop === undefined ? { nc: undefined, cnonce: undefined } : { nc, cnonce };
  return credentialsText({
    username: user,
    realm,
    nonce,
    uri: key.uri ?? uri,
    response,
    algorithm: "MD5",
    opaque: undefined,
    qop,
    ...counted,
  });
}

function lastChallenge(bench: ReceiverBench) {
  const message = bench.sent.at(-1)?.message;
  if (message?.kind !== "response" || message.status !== 401) throw new Error("not challenged");
  const parsed = parseChallenges(headerOf(message, "WWW-Authenticate") ?? "");
  if (!parsed.ok || parsed.value[0] === undefined) throw new Error("no challenge");
  return parsed.value[0];
}

function challenged(bench: ReceiverBench): string {
  expect(bench.say(alarm("A0"))).toBe(401);
  return lastChallenge(bench).nonce;
}

test("a request without credentials is challenged, and with them the same alarm is accepted", () => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  expect(lastChallenge(bench)).toMatchObject({ realm: account.realm, algorithm: "MD5", qop: ["auth"], stale: false });
  expect(bench.say(alarm("A1"), { CSeq: "2 MESSAGE", Authorization: authorization({ nonce }) })).toBe(200);
  bench.passAnswering(1_000);
  expect(bench.answers()).toMatchObject([{ ref: "A1", snu: 0 }]);
  expect(bench.events.map((event) => event.type)).toEqual(["alarm"]);
});

test("a nonce sent ahead is good as long as its count goes on", () => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  for (let nc = 1; nc <= 100; nc++)
    expect(bench.say(alarm("A" + nc), { Authorization: authorization({ nonce, nc }) })).toBe(200);
});

test("two requests that change places are both taken, but no count is taken twice", () => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  const say = (nc: number) => bench.say(alarm("A" + nc), { Authorization: authorization({ nonce, nc }) });
  expect([say(2), say(1), say(40), say(9), say(2), say(40), say(1)]).toEqual([200, 200, 200, 200, 401, 401, 401]);
  expect(lastChallenge(bench).stale).toBe(true);
  expect(say(8)).toBe(401); // 32 behind: too old to be told from a recording
});

test("a recorded request with another branch raises nothing", () => {
  const bench = new ReceiverBench({ digest: account });
  const header = { Authorization: authorization({ nonce: challenged(bench) }) };
  bench.say(alarm("A1"), header);
  expect(bench.say(alarm("A9"), header)).toBe(401);
  expect([...bench.receiver.book.cases()].map((known) => known.ref)).toEqual(["A1"]);
});

test("a nonce past its lifetime is stale, which is no reason for an event", () => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  bench.queue.runUntil(3_600_000);
  expect(bench.say(alarm("A1"), { Authorization: authorization({ nonce }) })).toBe(401);
  expect(lastChallenge(bench).stale).toBe(true);
  expect(bench.events).toEqual([]);
});

test("the older form without a count is good for one request", () => {
  const bench = new ReceiverBench({ digest: account });
  const header = { Authorization: authorization({ nonce: challenged(bench), qop: false }) };
  expect(bench.say(alarm("A1"), header)).toBe(200);
  expect(bench.say(alarm("A2"), header)).toBe(401);
});

test.each([
  ["another password", { password: "guess" }],
  ["another user", { user: "1234" }],
  ["another uri", { uri: "sip:other@larm.example.net" }],
  ["another method", { method: "INVITE" }],
] as const)("credentials with %s are refused and reported", (_what, change) => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  expect(bench.say(alarm("A1"), { Authorization: authorization({ nonce, ...change }) })).toBe(401);
  expect(lastChallenge(bench).stale).toBe(false);
  expect(bench.events).toMatchObject([{ type: "rejected", answer: "sip 401" }]);
  expect([...bench.receiver.book.cases()]).toEqual([]);
});

test.each(["Basic dTpw", "Digest", 'Digest username="x"', ""])("credentials %j count as none", (value) => {
  const bench = new ReceiverBench({ digest: account });
  expect(bench.say(alarm("A1"), { Authorization: value })).toBe(401);
  expect(bench.events).toEqual([]);
});

test("credentials for another realm beside ours do no harm", () => {
  const bench = new ReceiverBench({ digest: account });
  const nonce = challenged(bench);
  const both = `${authorization({ nonce, realm: "elsewhere" })}\r\nAuthorization: ${authorization({ nonce })}`;
  expect(bench.say(alarm("A1"), { Authorization: both })).toBe(200);
});

test("a repeated challenge is the same challenge", () => {
  const bench = new ReceiverBench({ digest: account });
  const bytes = bench.message(alarm("A1"));
  bench.hear(bytes);
  bench.hear(bytes);
  expect(bench.sent[1]?.bytes).toEqual(bench.sent[0]?.bytes);
});

test("OPTIONS needs credentials too, so that nobody can pass for a living unit", () => {
  const bench = new ReceiverBench({ digest: account });
  bench.hear(bench.message("", {}, "OPTIONS"));
  const { nonce } = lastChallenge(bench);
  bench.hear(bench.message("", { Authorization: authorization({ nonce, method: "OPTIONS" }) }, "OPTIONS"));
  expect(bench.signs).toEqual([{ type: "probed", cid: account.user }]);
});

test("the table of nonces is bounded: the oldest goes, and is stale and not wrong", () => {
  let drawn = 0;
  const gate = new DigestGate({ account, nowMs: () => 0, below: () => drawn++ % 0x10000, nonceLimit: 3 });
  const request = { method: "MESSAGE", uri, headers: [] } as unknown as SipRequest;
  const nonces: string[] = [];
  for (let i = 0; i < 4; i++) {
    const admission = gate.check(request);
    if (admission.admitted) throw new Error("admitted");
    const parsed = parseChallenges(admission.challenge);
    nonces.push(parsed.ok ? (parsed.value[0]?.nonce ?? "") : "");
  }
  expect(gate.nonceCount).toBe(3);
  const withNonce = (nonce: string) =>
    gate.check({ ...request, headers: [{ name: "Authorization", value: authorization({ nonce }) }] });
  expect(withNonce(nonces[3] as string)).toEqual({ admitted: true });
  expect(withNonce(nonces[0] as string)).toMatchObject({
    admitted: false,
    wrong: false,
    challenge: expect.stringContaining("stale=true"),
  });
});

test("a gate that calls nonces stale takes the second of each request, one that refuses takes none", () => {
  const bench = new ReceiverBench({ digest: account, mode: "stale-nonces" });
  const say = (ref: string, nonce: string) => bench.say(alarm(ref), { Authorization: authorization({ nonce }) });
  expect(say("A1", challenged(bench))).toBe(401);
  expect(lastChallenge(bench).stale).toBe(true);
  const used = lastChallenge(bench).nonce;
  expect(say("A1", used)).toBe(200);
  expect(say("A2", used)).toBe(401);
  expect(say("A2", lastChallenge(bench).nonce)).toBe(401);
  expect(say("A2", lastChallenge(bench).nonce)).toBe(200);
  bench.receiver.setMode("password-changed");
  expect(say("A3", challenged(bench))).toBe(401);
  expect(lastChallenge(bench).stale).toBe(false);
});
