import fc from "fast-check";
import { expect, test } from "vitest";
import type { Challenge, Credentials, DigestInput } from "./digest.ts";
import {
  algorithmOf,
  asksAuth,
  challengeText,
  chooseChallenge,
  credentialsText,
  digestResponse,
  digestSecret,
  parseChallenges,
  parseCredentials,
} from "./digest.ts";

function challenges(text: string): readonly Challenge[] {
  const parsed = parseChallenges(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.fault));
  return parsed.value;
}

const rfc2617: Omit<DigestInput, "secret"> = {
  algorithm: "MD5",
  method: "GET",
  uri: "/dir/index.html",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  qop: "auth",
  nc: 1,
  cnonce: "0a4f113b",
};

test("RFC 2617 3.5: the example's response comes out", () => {
  const secret = digestSecret("MD5", "Mufasa", "testrealm@host.com", "Circle Of Life");
  expect(digestResponse({ ...rfc2617, secret })).toBe("6629fae49393a05397450978507c4ef1");
});

test("RFC 7616 3.9.1: both algorithms of the example come out", () => {
  const given = {
    method: "GET",
    uri: "/dir/index.html",
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    qop: "auth",
    nc: 1,
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  };
  const md5 = digestSecret("MD5", "Mufasa", "http-auth@example.org", "Circle of Life");
  expect(digestResponse({ ...given, algorithm: "MD5", secret: md5 })).toBe("8ca523f5e9506fed4657c9700eebdbec");
  const sha = digestSecret("SHA-256", "Mufasa", "http-auth@example.org", "Circle of Life");
  expect(digestResponse({ ...given, algorithm: "SHA-256", secret: sha })).toBe(
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  );
});

test("a SIP MESSAGE is signed with and without qop", () => {
  const secret = digestSecret("MD5", "4607110231", "larm.example.net", "provkod-77");
  expect(secret).toBe("f5d272021cb28d49f3ee1dd273945564");
  const input: DigestInput = {
    algorithm: "MD5",
    secret,
    method: "MESSAGE",
    uri: "sip:mottagning@larm.example.net",
    nonce: "b7c1e0d94f2a",
    qop: "auth",
    nc: 1,
    cnonce: "0a4f113b",
  };
  expect(digestResponse(input)).toBe("290f816a0a2b2f6268b79036086f4253");
  expect(digestResponse({ ...input, qop: undefined })).toBe("e302c53bbdb802a0e3ff6abdc25f38c9");
  expect(digestResponse({ ...input, nc: 2 })).not.toBe("290f816a0a2b2f6268b79036086f4253");
});

test("a response depends on its own request alone, whatever was asked for before it", () => {
  const first = { ...rfc2617, secret: "3e" };
  const others = [
    first,
    { ...first, method: "PUT" },
    { ...first, uri: "/" },
    { ...first, algorithm: "SHA-256" as const },
  ];
  const alone = others.map((input) => digestResponse(input));
  expect(new Set(alone).size).toBe(others.length);
  for (const one of others)
    for (const [i, other] of others.entries()) {
      digestResponse(one);
      expect(digestResponse(other)).toBe(alone[i]);
    }
});

test("a challenge is read with any case, spacing, order and quoting", () => {
  expect(
    challenges('dIgEsT  QOP="auth , auth-int",NONCE = "a\\"b" , stale=TRUE, algorithm="md5" ,realm=plain, opaque=""'),
  ).toEqual([{ realm: "plain", nonce: 'a"b', opaque: "", stale: true, algorithm: "md5", qop: ["auth", "auth-int"] }]);
});

test("the first challenge that we can answer is taken, in the sender's order", () => {
  const offered = challenges(
    'Digest realm="a", nonce="1", algorithm=SHA-512-256, qop="auth", Basic realm="b", ' +
      'Digest realm="c", nonce="2", algorithm=SHA-256, qop="auth", Digest realm="d", nonce="3"',
  );
  expect(offered.map((challenge) => challenge.realm)).toEqual(["a", "c", "d"]);
  expect(chooseChallenge(offered)?.realm).toBe("c");
  expect(offered.map(algorithmOf)).toEqual([undefined, "SHA-256", "MD5"]);
});

test("a challenge without options is written without them, and MD5 may be named in any case", () => {
  const plain = { realm: "a", nonce: "b", opaque: undefined, stale: false, algorithm: undefined, qop: [] };
  expect(challengeText(plain)).toBe('Digest realm="a", nonce="b"');
  expect(challengeText({ ...plain, qop: ["auth", "auth-int"] })).toBe(
    'Digest realm="a", nonce="b", qop="auth,auth-int"',
  );
  expect([algorithmOf({ ...plain, algorithm: "md5" }), algorithmOf({ ...plain, algorithm: "" })]).toEqual([
    "MD5",
    undefined,
  ]);
});

test("a challenge that offers auth-int alone, or a session algorithm, cannot be answered", () => {
  expect(chooseChallenge(challenges('Digest realm="a", nonce="1", qop="auth-int"'))).toBeUndefined();
  expect(chooseChallenge(challenges('Digest realm="a", nonce="1", algorithm=MD5-sess'))).toBeUndefined();
  const both = challenges('Digest realm="a", nonce="1", qop="auth-int,auth"')[0] as Challenge;
  expect([algorithmOf(both), asksAuth(both)]).toEqual(["MD5", true]);
});

test("a challenge without realm or nonce, a value that does not close and a parameter given twice are refused", () => {
  for (const text of [
    "",
    'Digest nonce="1"',
    'Digest realm="a"',
    'Digest realm="a", nonce="1',
    'Digest realm="a" nonce="1"',
    'Digest realm="a", nonce="1", Realm="b"',
    'realm="a", nonce="1"',
    'Digest realm=, nonce="1"',
  ])
    expect(parseChallenges(text).ok, text).toBe(false);
});

test("nine challenges and 25 parameters are too many, eight and 24 are not", () => {
  const many = (count: number) => Array(count).fill('Digest realm="a", nonce="1"').join(", ");
  expect(parseChallenges(many(8)).ok).toBe(true);
  expect(parseChallenges(many(9)).ok).toBe(false);
  const wide = (count: number) =>
    'Digest realm="a", nonce="1"' + Array.from({ length: count - 2 }, (_, i) => `, x${i}=1`).join("");
  expect(parseChallenges(wide(24)).ok).toBe(true);
  expect(parseChallenges(wide(25)).ok).toBe(false);
});

test("credentials with qop but without count or client nonce are refused", () => {
  const base = 'Digest username="u", realm="r", nonce="n", uri="sip:a@b", response="0"';
  expect(parseCredentials(base).ok).toBe(true);
  expect(parseCredentials(base + ", qop=auth, nc=00000001").ok).toBe(false);
  expect(parseCredentials(base + ', qop=auth, cnonce="c"').ok).toBe(false);
  expect(parseCredentials(base + ', qop=auth, cnonce="c", nc=1').ok).toBe(false);
  expect(parseCredentials(base + ', qop=auth, cnonce="c", nc=0000000G').ok).toBe(false);
  const full = parseCredentials(base + ', qop=auth, cnonce="c", nc=0000001F');
  expect(full.ok && full.value.nc).toBe(31);
  expect(parseCredentials("Basic abc").ok).toBe(false);
  expect(parseCredentials(base + ", " + base).ok).toBe(false);
});

test("credentials of another scheme, or without one of the five that each answer needs, are refused by name", () => {
  expect(parseCredentials("Basic a=b")).toMatchObject({ fault: { field: "authorization scheme", value: "Basic" } });
  const parts = ["username", "realm", "nonce", "uri", "response"];
  for (const missing of parts) {
    const others = parts.filter((part) => part !== missing).map((part) => part + "=x");
    expect(parseCredentials("Digest " + others.join(", "))).toMatchObject({
      fault: { kind: "missing", field: missing },
    });
  }
});

const word = fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/);
const anyText = fc.string({ unit: "grapheme-ascii", maxLength: 20 });

const anyChallenge: fc.Arbitrary<Challenge> = fc.record({
  realm: anyText,
  nonce: anyText,
  opaque: fc.option(anyText, { nil: undefined }),
  stale: fc.boolean(),
  algorithm: fc.option(word, { nil: undefined }),
  qop: fc.array(word, { maxLength: 3 }),
});

const anyCredentials: fc.Arbitrary<Credentials> = fc
  .record({
    username: anyText,
    realm: anyText,
    nonce: anyText,
    uri: anyText,
    response: word,
    algorithm: fc.option(word, { nil: undefined }),
    opaque: fc.option(anyText, { nil: undefined }),
  })
  .chain((common) =>
    fc.oneof(
      fc.constant({ ...common, qop: undefined, nc: undefined, cnonce: undefined }),
      fc
        .record({ qop: word, nc: fc.nat({ max: 0xffffffff }), cnonce: anyText })
        .map((counted) => ({ ...common, ...counted })),
    ),
  );

test("challenges and credentials survive being written and read", () => {
  fc.assert(
    fc.property(fc.array(anyChallenge, { minLength: 1, maxLength: 3 }), (list) => {
      expect(parseChallenges(list.map(challengeText).join(", "))).toEqual({ ok: true, value: list });
    }),
  );
  fc.assert(
    fc.property(anyCredentials, (value) => {
      expect(parseCredentials(credentialsText(value))).toEqual({ ok: true, value });
    }),
  );
});

test("no text makes the readers throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'Digest realm=",\\ \t;a1') }), (text) => {
      parseChallenges(text);
      parseCredentials("Digest " + text);
    }),
  );
});
