/** A live home whose receiver is reached over TLS, with its time held in hand: what the unit believes, and what it still does where it does not (RFC 5922 7). */
import { spawnSync } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, type TestContext, test, vi } from "vitest";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import { openLiveReceiver } from "../peers/receiver-live.ts";
import { CertificateBench, type MadeIdentity } from "./live-certificates-bench.ts";
import { openLiveHome } from "./live-home.ts";
import type { PeerNews } from "./live-streams.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const names = "DNS:larm.example";

async function homeAndReceiver(context: TestContext, make: (lab: CertificateBench) => MadeIdentity) {
  if (spawnSync("openssl", ["version"]).status !== 0) context.skip("openssl is not installed (Debian: openssl)");
  const lab = new CertificateBench(context.onTestFinished);
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({
    name: "lab",
    listen: [{ transport: "tls", host: "127.0.0.1", port: 0 }],
    tls: { identity: make(lab) },
    mode: "normal",
    latencyMs: { least: 0, most: 5 },
    onEvent: (event) => events.push(event),
  });
  context.onTestFinished(() => live.close());
  const steps: string[] = [];
  const peers: PeerNews[] = [];
  const address = {
    host: "127.0.0.1",
    port: live.addresses[0]?.port ?? 0,
    transport: "tls",
    serverName: "larm.example",
  };
  const account = { user: "", password: "", answerFrom: [] };
  const home = await openLiveHome({
    settings: {
      cid: "4607110231",
      domain: "larm.example",
      policy: "broadband-only",
      receivers: [{ uri: "sip:larm@larm.example", ...address, transport: "tls", ...account }],
      modem: { apn: "", user: "", password: "", pin: "" },
      staggerMs: 5_000,
    },
    local: { host: "127.0.0.1", port: 0 },
    allow: [],
    trust: { ca: lab.authority.cert },
    onNews: (one) => {
      if (one.type === "report" && one.news.ofPress) steps.push(one.news.type);
    },
    onDropped: () => {},
    onPeer: (news) => peers.push(news),
  });
  context.onTestFinished(() => home.close());
  return { home, steps, peers, events };
}

/** Lets time pass, and the sockets do their work in between. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1_000);
    for (let turn = 0; turn < 30; turn++) await setImmediate();
  }
}

test("a receiver whose certificate is in order accepts over TLS", async (context) => {
  const { home, steps, peers, events } = await homeAndReceiver(context, (lab) => lab.leaf({ names }));
  home.pressAt(0);
  await pass(8);
  expect(steps).toContain("accepted");
  expect(peers).toEqual([]);
  expect(events.find(({ type }) => type === "alarm")).toMatchObject({ transport: "tls", answer: "snu 0" });
});

test("one whose certificate is only out of date accepts too, and it is told", async (context) => {
  const late = (lab: CertificateBench) => lab.leaf({ names, fromDays: -9, toDays: -2 });
  const { home, steps, peers } = await homeAndReceiver(context, late);
  home.pressAt(0);
  await pass(8);
  expect(steps).toContain("accepted");
  expect(peers[0]).toMatchObject({ proof: "expired", isLastResort: false });
});

test("one for another name hears of the alarm when all else has failed, and its mrs is no acceptance", async (context) => {
  const wrong = (lab: CertificateBench) => lab.leaf({ names: "DNS:other.example" });
  const { home, steps, peers, events } = await homeAndReceiver(context, wrong);
  home.pressAt(0);
  await pass(8);
  expect(events.filter(({ type }) => type === "alarm")).toEqual([]);
  expect(peers[0]).toMatchObject({ proof: undefined, isLastResort: false });
  await pass(70);
  expect(events.filter(({ stc }) => stc === 10)[0]).toMatchObject({ type: "alarm", answer: "snu 0" });
  expect(events.every(({ type, stc }) => type !== "alarm" || stc === 10)).toBe(true);
  expect(peers).toContainEqual(expect.objectContaining({ proof: "unverified", isLastResort: true }));
  expect(steps).not.toContain("accepted");
});
