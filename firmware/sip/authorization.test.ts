import { expect, test } from "vitest";
import { digestResponse, digestSecret, parseCredentials } from "../../protocol/sip/digest.ts";
import type { SipRequest } from "../../protocol/sip/message.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import { challengeLimit } from "./outgoing.ts";
import { Bench, bench, body, challenge, primary, second } from "./test-bench.ts";

/** Checks the credentials of a request as a registrar would; answers their nonce and count. */
function signedWith(request: SipRequest, password: string, name = "Authorization"): { nonce: string; nc: number } {
  const parsed = parseCredentials(headerOf(request, name) ?? "");
  if (!parsed.ok) throw new Error("no credentials");
  const given = parsed.value;
  const algorithm = given.algorithm === "SHA-256" ? "SHA-256" : "MD5";
  const secret = digestSecret(algorithm, given.username, given.realm, password);
  const { uri, nonce, qop } = given;
  expect([uri, given.opaque]).toEqual([request.uri, "o"]);
  const nc = given.nc ?? 0;
  const cnonce = given.cnonce ?? "";
  expect(given.response).toBe(
    digestResponse({ algorithm, secret, method: request.method, uri, nonce, qop, nc, cnonce }),
  );
  return { nonce, nc };
}

test("401 is answered with credentials: same Call-ID and From tag, the next CSeq, a new branch", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  const first = line.request;
  line.reply(first, 401, [challenge("n1")]);
  expect(line.sent).toHaveLength(2);
  const next = line.request;
  expect([next.callId, next.from.tag, next.cseq, next.body]).toEqual([first.callId, first.from.tag, 2, body]);
  expect(next.via[0]?.branch).not.toBe(first.via[0]?.branch);
  expect(signedWith(next, "provkod-77")).toEqual({ nonce: "n1", nc: 1 });
  line.reply(first, 401, [challenge("n1")]);
  expect(line.sent).toHaveLength(2);
  line.reply(next, 200, []);
  expect(line.outcomes).toMatchObject([{ type: "carried", attempt: 7, status: 200 }]);
});

test("407 is answered to the proxy, also when the receiver then asks with a 401", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  line.reply(line.request, 407, [{ ...challenge("p1"), name: "Proxy-Authenticate" }]);
  expect(signedWith(line.request, "provkod-77", "Proxy-Authorization")).toEqual({ nonce: "p1", nc: 1 });
  line.reply(line.request, 401, [challenge("n1", { algorithm: "SHA-256" })]);
  expect(signedWith(line.request, "provkod-77", "Proxy-Authorization")).toEqual({ nonce: "p1", nc: 2 });
  expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "n1", nc: 1 });
  expect(line.request.cseq).toBe(3);
  line.reply(line.request, 200, []);
  expect(line.outcomes).toMatchObject([{ type: "carried" }]);
});

test("the nonce is sent ahead with the next MESSAGE, counted on, and kept for each receiver by itself", () => {
  const line = new Bench([primary, { ...second, password: "p" }]);
  line.agent.send(1, 0, body);
  line.reply(line.request, 401, [challenge("n1")]);
  line.reply(line.request, 200, []);
  line.agent.send(2, 0, body);
  expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "n1", nc: 2 });
  line.agent.send(3, 1, body);
  expect(line.request.headers).toEqual([]);
  line.agent.send(4, 0, body);
  expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "n1", nc: 3 });
});

test.each([true, false])(
  "a nonce that has grown old costs one silent retry, whether it is called stale (%s) or not",
  (stale) => {
    const line = bench();
    line.agent.send(1, 0, body);
    line.reply(line.request, 401, [challenge("n1")]);
    line.reply(line.request, 200, []);
    line.agent.send(2, 0, body);
    line.reply(line.request, 401, [challenge("n2", { stale })]);
    expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "n2", nc: 1 });
    line.reply(line.request, 200, []);
    expect(line.outcomes.map((event) => event.type)).toEqual(["carried", "carried"]);
  },
);

test("a fresh answer that is refused means a wrong password: unauthorised, and the next MESSAGE goes out bare", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  line.reply(line.request, 401, [challenge("n1")]);
  line.reply(line.request, 401, [challenge("n2")]);
  expect(line.outcomes).toEqual([
    { type: "failed", attempt: 1, receiver: 0, reason: "unauthorised", status: 401, retryAfterS: undefined },
  ]);
  expect(line.sent).toHaveLength(2);
  line.agent.send(2, 0, body);
  expect(line.request.headers).toEqual([]);
});

test("a receiver that calls every nonce stale is answered four times and no more", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  for (let i = 0; i < 10 && line.outcomes.length === 0; i++)
    line.reply(line.request, 401, [challenge("n" + i, { stale: true })]);
  expect(line.outcomes).toMatchObject([{ reason: "unauthorised", status: 401 }]);
  expect(line.sent).toHaveLength(1 + challengeLimit);
});

test("no password, no challenge, or none that we can answer is unauthorised at once", () => {
  const line = bench();
  line.agent.send(1, 1, body);
  line.reply(line.request, 401, [challenge("n1")]);
  line.agent.send(2, 0, body);
  line.reply(line.request, 407, []);
  line.agent.send(3, 0, body);
  line.reply(line.request, 401, [challenge("n1", { algorithm: "SHA-512-256" })]);
  expect(line.outcomes).toMatchObject([
    { attempt: 1, reason: "unauthorised", status: 401 },
    { attempt: 2, reason: "unauthorised", status: 407 },
    { attempt: 3, reason: "unauthorised", status: 401 },
  ]);
});

test("of several challenges the first that we know is answered; a malformed header is passed over", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  const offers = [challenge("x", { algorithm: "SHA-512-256" }), { name: "WWW-Authenticate", value: 'Digest realm="' }];
  line.reply(line.request, 401, [...offers, challenge("s", { algorithm: "SHA-256", qop: [] }), challenge("m")]);
  expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "s", nc: 0 });
});

test("a retry lives on the time of its attempt: no-answer comes 32 s after the first MESSAGE", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  line.clock.runTo(20_000);
  line.reply(line.request, 401, [challenge("n1")]);
  line.clock.runTo(31_999);
  expect(line.outcomes).toEqual([]);
  line.clock.runTo(32_000);
  expect(line.outcomes).toMatchObject([{ type: "failed", attempt: 1, reason: "no-answer" }]);
});

test("OPTIONS asks whether a receiver answers, without a body", () => {
  const line = bench();
  line.agent.probe(3, 0);
  expect(line.request).toMatchObject({ method: "OPTIONS", contentType: undefined, body: new Uint8Array(0) });
  line.reply(line.request, 401, [challenge("n1")]);
  expect(signedWith(line.request, "provkod-77")).toEqual({ nonce: "n1", nc: 1 });
  line.reply(line.request, 200, []);
  expect(line.outcomes).toMatchObject([{ type: "carried", attempt: 3 }]);
});
