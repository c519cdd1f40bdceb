/** Which server is believed: every certificate here is made by openssl and shown in a real handshake. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { CertificateBench, type MadeIdentity } from "./live-certificates-bench.ts";
import { certificatesOf, isSound, type Judgement, judgeServer } from "./live-trust.ts";

const name = "larm.example";
const names = `DNS:${name}`;

function bench(context: TestContext): CertificateBench {
  if (spawnSync("openssl", ["version"]).status !== 0) context.skip("openssl is not installed (Debian: openssl)");
  return new CertificateBench(context.onTestFinished);
}

/** What is thought of a server that shows this. */
async function judged(shown: MadeIdentity, ca: MadeIdentity, serverName = name): Promise<Judgement> {
  const server = createServer({ cert: shown.cert, key: shown.key }, (socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port, servername: name, ca: ca.cert, rejectUnauthorized: false });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "secureConnect");
  return judgeServer(socket, serverName, ca.cert);
}

test("a certificate of ours, for that name and of this day, is checked", async (context) => {
  const lab = bench(context);
  expect(await judged(lab.leaf({ names }), lab.authority)).toEqual({ proof: "checked", why: "" });
});

test("where the dates alone are wrong it is expired, whether over or not yet begun", async (context) => {
  const lab = bench(context);
  const over = await judged(lab.leaf({ names, fromDays: -9, toDays: -2 }), lab.authority);
  const early = await judged(lab.leaf({ names, fromDays: 2, toDays: 9 }), lab.authority);
  expect([over.proof, early.proof]).toEqual(["expired", "expired"]);
  expect(over.why).toContain("out of date");
});

test("out of date and wrong in any other way is not expired but refused", async (context) => {
  const lab = bench(context);
  const stranger = new CertificateBench(context.onTestFinished);
  const late = { fromDays: -9, toDays: -2 };
  const shown: readonly (readonly [MadeIdentity, string])[] = [
    [stranger.leaf({ names, ...late }), "nobody who is trusted"],
    [lab.leaf({ names: "DNS:other.example", ...late }), "not for larm.example"],
    [lab.leaf({ names, purpose: "clientAuth", ...late }), "nobody who is trusted"],
  ];
  for (const [identity, words] of shown) {
    const found = await judged(identity, lab.authority);
    expect(found.proof).toBeUndefined();
    expect(found.why).toContain(words);
  }
});

test("a wrong name, a stranger's signature and one's own are refused, each in its own words", async (context) => {
  const lab = bench(context);
  const stranger = new CertificateBench(context.onTestFinished, "somebody");
  const why = async (shown: MadeIdentity) => {
    const found = await judged(shown, lab.authority);
    expect(found.proof).toBeUndefined();
    return found.why;
  };
  expect(await why(stranger.leaf({ names }))).toBe("nobody who is trusted has signed its certificate");
  expect(await why(lab.selfSigned(names))).toBe("it has signed its certificate itself");
});

test("a server may be named by its address", async (context) => {
  const lab = bench(context);
  const late = lab.leaf({ names: "IP:127.0.0.1", fromDays: -9, toDays: -2 });
  expect((await judged(late, lab.authority, "127.0.0.1")).proof).toBe("expired");
  expect((await judged(late, lab.authority, "127.0.0.2")).proof).toBeUndefined();
});

test("an authority between is followed, one that may not sign is not", (context) => {
  const lab = bench(context);
  const between = lab.leaf({ names: "DNS:between.example", isAuthority: true });
  const leaf = lab.leaf({ names, issuer: between });
  const forged = lab.leaf({ names, issuer: leaf });
  const of = (...made: readonly MadeIdentity[]) => made.flatMap(({ cert }) => certificatesOf(cert));
  const trusted = of(lab.authority);
  expect(isSound(of(leaf, between), trusted)).toBe(true);
  expect(isSound(of(leaf), trusted)).toBe(false);
  expect(isSound(of(forged, leaf, between), trusted)).toBe(false);
  expect(isSound(of(leaf, between), of(between))).toBe(true);
  expect(isSound([], trusted)).toBe(false);
});
