import { expect, test } from "vitest";
import { encodeSip, viewSip } from "../../protocol/sip/message.ts";
import { Bounds } from "./bounds.ts";
import { answerBytes, HandMade, minuteMs, questionBytes } from "./checker-bench.ts";

const atMs = 4 * minuteMs;

class Scene extends HandMade {
  readonly checker = new Bounds(this.sight, this.residents);

  begins(at: number, number: number, change: Parameters<HandMade["sends"]>[1] = {}): void {
    this.branch = `z9hG4bK${number}`;
    this.sends(at, { ref: refOf(number), ...change });
  }
}

function refOf(number: number): string {
  return `AB12C${String(number).padStart(7, "0")}000`;
}

function foundIn(play: (scene: Scene) => void): readonly string[] {
  const scene = new Scene();
  play(scene);
  return scene.checker.verdict().found;
}

test("so many messages begin at one instant and not one more", () => {
  const at = (count: number) =>
    foundIn((scene) => {
      for (let i = 0; i < count; i++) scene.begins(atMs, i, { dty: 41, stc: 85 });
    });
  expect(at(24)).toEqual([]);
  expect(at(26)).toEqual(["u, 00:04:00: 25 messages began at one instant, more than 24"]);
});

test("so many begin in a minute, and repetitions are none", () => {
  const inMinute = (count: number, eachMs: number) =>
    foundIn((scene) => {
      for (let i = 0; i < count; i++) scene.begins(atMs + i * eachMs, i, { dty: 41, stc: 85 });
    });
  expect(inMinute(128, 400)).toEqual([]);
  expect(inMinute(250, 600)).toEqual([]);
  expect(inMinute(130, 400)).toEqual(["u, 00:04:51: 129 messages began in one minute, more than 128"]);
});

test("a request is repeated twelve times at most", () => {
  const repeated = (times: number) =>
    foundIn((scene) => {
      for (let i = 0; i < times; i++) scene.begins(atMs + i * 4_000, 1);
    });
  expect(repeated(12)).toEqual([]);
  expect(repeated(14)).toEqual(["u, 00:04:48: one and the same request left 13 times, more than 12"]);
});

test("so many calls for help wait at once, those that are accepted left out", () => {
  const waiting = (accepted: boolean) =>
    foundIn((scene) => {
      for (let i = 0; i < 34; i++) {
        scene.begins(atMs + i * minuteMs, i);
        if (accepted) scene.hears(atMs + i * minuteMs + 500, refOf(i), 0);
      }
    });
  expect(waiting(true)).toEqual([]);
  expect(waiting(false)).toEqual(["u, 00:36:00: 33 calls for help wait at once, more than 32"]);
});

test("a message has a length", () => {
  const long = (length: number) =>
    foundIn((scene) => scene.checker.datagram(atMs, 0, "mobile", "sent", new Uint8Array(length)));
  expect(long(2_048)).toEqual([]);
  expect(long(2_049)).toEqual(["u, 00:04:00: a message of 2049 bytes left, more than 2048"]);
});

test("a path is proven a hundred times in ten minutes and not once more", () => {
  const beats = (count: number, eachMs: number) =>
    foundIn((scene) => {
      for (let i = 0; i < count; i++) {
        const beat = { ref: refOf(i), mty: "PI" as const, cid: scene.cid, dty: 2, stc: 85 };
        for (let copy = 0; copy < 2; copy++)
          scene.checker.datagram(atMs + i * eachMs, 0, "mobile", "sent", questionBytes(beat));
      }
    });
  expect(beats(100, 2_000)).toEqual([]);
  expect(beats(200, 6_000)).toEqual([]);
  expect(beats(102, 2_000)).toEqual(["u, 00:07:20: 101 heartbeats left in ten minutes, more than 100"]);
});

test("one request is asked for a password twice, where no nonce had grown old", () => {
  const asked = (branches: readonly string[], stale: boolean) =>
    foundIn((scene) => {
      for (const branch of branches)
        scene.checker.datagram(atMs, 0, "mobile", "received", challengeBytes(branch, stale));
    });
  expect(asked(["a", "b", "b"], false)).toEqual([]);
  expect(asked(["a", "b", "c"], true)).toEqual([]);
  expect(asked(["a", "b", "c"], false)).toEqual([
    "u, 00:04:00: one request was asked for a password 3 times, more than 2",
  ]);
});

function challengeBytes(branch: string, stale: boolean): Uint8Array {
  const request = viewSip(answerBytes(refOf(1), 0));
  if (!request.ok) throw new Error("no SIP");
  const { via, from, to, callId, cseq, cseqMethod } = request.value;
  const value = `Digest realm="larm.example", nonce="n"${stale ? ", stale=true" : ""}`;
  return encodeSip({
    kind: "response",
    status: 401,
    reason: "Unauthorized",
    via: via.map((one) => ({ ...one, branch })),
    from,
    to,
    callId,
    cseq,
    cseqMethod,
    contentType: undefined,
    headers: [{ name: "WWW-Authenticate", value }],
    body: new Uint8Array(),
  });
}
