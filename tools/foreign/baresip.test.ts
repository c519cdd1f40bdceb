/** Calls of the whole unit with a telephone that nobody here wrote: baresip hears the home, is heard there, and presses keys (SS 91100 5, 7 and table 2). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type TestContext, test } from "vitest";
import { announcementHz, announcementLength } from "../../simulator/live/rtp/case-sound.ts";
import { frameLength, shareOfTone } from "../../simulator/live/rtp/sound.ts";
import { testToneHz, wavHeaderLength } from "../../simulator/live/rtp/wav.ts";
import { needs } from "../config/requires.ts";
import { startLivlina, startReceiver, until } from "../live-bench.ts";
import { type Baresip, type BaresipOptions, startBaresip } from "./baresip.ts";
import { folderOf, openUnitHome, samplesOf } from "./unit-home.ts";

const operatorToneHz = 1000;
/** Enough to know a tone by, in samples: one second. */
const enough = 8000;
/** Where a change is heard, sound on its way included. */
const edge = enough / 8;
/** 40 ms: a tone is told from another by it, and a jump spoils one or two. */
const piece = 2 * frameLength;
/** So much of the time a tone that is there must be heard. */
const mostly = 0.75;
/** The lowest step of A-law is as near to silence as it comes. */
const silence = 8;
const options = { timeout: 30_000 };

function operator(context: TestContext, more: Partial<BaresipOptions> = {}): Promise<Baresip> {
  needs(context, "baresip");
  return startBaresip(context.onTestFinished, { toneHz: operatorToneHz, ...more });
}

/** From 0 to 1. Looked at in short pieces: on a busy machine packets are lost, and a tone has jumps. */
function timeOfTone(samples: Int16Array, toneHz: number): number {
  let [pieces, toned] = [0, 0];
  for (let at = 0; at + piece <= samples.length; at += piece) {
    pieces++;
    if (shareOfTone(samples.subarray(at, at + piece), toneHz) > 0.9) toned++;
  }
  return toned / pieces;
}

/** Neither the beginning nor the end counts. */
function middle(samples: Int16Array): Int16Array {
  return samples.subarray(samples.length >> 2, (3 * samples.length) >> 2);
}

function peak(samples: Int16Array): number {
  return samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
}

function silentFrames(samples: Int16Array): number {
  let count = 0;
  for (let at = 0; at + frameLength <= samples.length; at += frameLength)
    if (peak(samples.subarray(at, at + frameLength)) <= silence) count++;
  return count;
}

/** The lines of `unit --json` so far. */
function linesOf(text: string): readonly Record<string, unknown>[] {
  const whole = text.substring(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, unknown>]));
}

/** `livlina unit` with a telephone, a receiver that tells it to call `called`, and the press of its button. */
async function startWholeUnit(context: TestContext, called: string) {
  const receiver = await startReceiver(context.onTestFinished, "--mre", "1", "--cre", "62", "--tnu", called);
  const file = join(folderOf(context.onTestFinished), "home.wav");
  const ways = ["--receiver", "sip:larm@larm.example", "--via", `udp:127.0.0.1:${receiver.port}`, "--json"];
  const sound = ["--microphone", "tone", "--loudspeaker", file];
  const unit = startLivlina(context.onTestFinished, ["unit", ...ways, ...sound, "--press-after", "0.2"]);
  const calls = () => linesOf(unit.stdout()).filter(({ type }) => type === "call");
  const has = (what: string) =>
    until(() => unit.child.exitCode !== null || calls().some((call) => call["what"] === what));
  return { unit, file, receiver, calls, has };
}

/** The recording is whole: header and length agree. */
function expectWhole(file: string): Int16Array {
  const samples = samplesOf(file);
  expect(readFileSync(file).length).toBe(wavHeaderLength + 2 * samples.length);
  return samples;
}

test.concurrent(
  "a press whose acceptance names baresip as the one to call: both hear each other, baresip hangs up, and the case is closed",
  options,
  async (context) => {
    const baresip = await operator(context);
    const { unit, file, receiver, calls, has } = await startWholeUnit(context, baresip.uri);
    await has("answered");
    await baresip.told("CALL_ESTABLISHED");
    await until(() => readFileSync(file).length > wavHeaderLength + 4 * enough);
    baresip.order("hangup");
    await has("closed");
    unit.child.kill("SIGINT");
    expect((await unit.ended).code, unit.stderr()).toBe(0);
    const stem = linesOf(unit.stdout()).find(({ type }) => type === "accepted")?.["stem"];
    const common = { medium: "sip", number: baresip.uri, stems: [stem] };
    expect(calls()).toMatchObject([
      { what: "dialling", mode: "duplex", ...common },
      { what: "answered", mode: "duplex", ...common },
      { what: "ended", mode: null, reason: "over", ...common },
      { what: "closed", medium: null, number: null, stems: [stem] },
    ]);
    expect(receiver.events().find(({ stc }) => stc === 10)).toMatchObject({ type: "alarm", answer: "snu 0" });
    expect(timeOfTone(middle(await baresip.recording()), testToneHz)).toBeGreaterThan(mostly);
    expect(timeOfTone(middle(expectWhole(file)), operatorToneHz)).toBeGreaterThan(mostly);
  },
);

test.concurrent("Ctrl-C during a call ends it with BYE, and the recording is whole", options, async (context) => {
  const baresip = await operator(context);
  const { unit, file, calls, has } = await startWholeUnit(context, baresip.uri);
  await has("answered");
  await baresip.told("CALL_ESTABLISHED");
  unit.child.kill("SIGINT");
  expect((await unit.ended).code, unit.stderr()).toBe(0);
  await baresip.told("CALL_CLOSED");
  expect(calls().at(-1)).toMatchObject({ what: "ended", reason: "hung-up" });
  expectWhole(file);
});

const orders = [
  { codecs: "PCMU", mre: 1, mode: "duplex", microphone: "tone", heard: "each hears the other's tone" },
  {
    codecs: "PCMA",
    mre: 2,
    mode: "listen",
    microphone: "tone",
    heard: "baresip hears the tone, and the home hears nothing",
  },
  {
    codecs: "PCMA",
    mre: 3,
    mode: "talk",
    microphone: "silence",
    heard: "the home hears the tone, baresip hears silence, and the receiver is told of it",
  },
] as const;

for (const { codecs, mre, mode, microphone, heard } of orders)
  test.concurrent(`a call by ${codecs} with mre ${mre}: ${heard}`, options, async (context) => {
    const baresip = await operator(context, { codecs });
    const unit = await openUnitHome(context.onTestFinished, {
      order: { mre, cre: 62, tnu: [baresip.uri] },
      microphone,
    });
    await unit.press("accepted");
    await unit.tells("answered");
    await unit.plays(2 * enough);
    baresip.order("hangup");
    await unit.tells("closed");
    const end = mode === "talk" ? ["ended silent", "told no response"] : ["ended over"];
    expect(unit.story).toEqual(["dialling", "answered", ...end, "closed"]);
    expect(unit.calls[1]?.mode).toBe(mode);
    const home = unit.heard();
    expect(timeOfTone(home.subarray(0, announcementLength), announcementHz) > mostly).toBe(mode === "listen");
    if (mode === "listen") expect(peak(home.subarray(announcementLength + edge))).toBe(0);
    else expect(timeOfTone(middle(home), operatorToneHz)).toBeGreaterThan(mostly);
    const far = await baresip.recording();
    if (mode === "talk") expect(peak(far)).toBeLessThanOrEqual(silence);
    else expect(timeOfTone(middle(far), testToneHz)).toBeGreaterThan(mostly);
  });

test.concurrent(
  "the keys 4, 7, 8, 1, 3 and 0, pressed at baresip, are each told once and change what is heard",
  options,
  async (context) => {
    const baresip = await operator(context);
    const unit = await openUnitHome(context.onTestFinished, { order: { mre: 1, cre: 62, tnu: [baresip.uri] } });
    await unit.press("accepted");
    await unit.tells("answered");
    await unit.plays(enough);
    for (const key of "478130") {
      baresip.press(key);
      await unit.tells(`key ${key}`);
      await unit.plays((3 * enough) / 4);
    }
    baresip.order("hangup");
    await unit.tells("closed");
    expect(unit.keys.map(({ key }) => key).join("")).toBe("478130");
    expect(unit.calls.flatMap(({ what, mode }) => (what === "key" ? [mode] : []))).toEqual([
      "duplex",
      "listen",
      "talk",
      "talk",
      "talk",
      "talk",
    ]);
    const [duplex, listen, talk, softer, louder, clear] = unit.keys.map(({ at }) => at) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const home = unit.heard();
    const between = (from: number, to: number): Int16Array => home.subarray(from + edge, to);
    const announced = home.subarray(listen + edge, listen + announcementLength);
    expect(timeOfTone(announced, announcementHz)).toBeGreaterThan(mostly);
    expect(peak(between(listen + announcementLength, talk))).toBe(0);
    for (const stretch of [
      between(duplex, listen),
      between(talk, softer),
      between(softer, louder),
      between(louder, clear),
    ])
      expect(timeOfTone(stretch, operatorToneHz)).toBeGreaterThan(mostly);
    expect(peak(between(softer, louder)) / peak(between(talk, softer))).toBeCloseTo(Math.SQRT1_2, 1);
    expect(peak(between(louder, clear))).toBe(peak(between(talk, softer)));
    const far = await baresip.recording();
    expect(timeOfTone(far.subarray(edge, talk - edge), testToneHz)).toBeGreaterThan(mostly);
    expect(silentFrames(far.subarray(talk))).toBeGreaterThan(50);
  },
);

const callers = [
  { who: "a receiver has promised a call", order: { mre: 1, cre: 5, tnu: undefined }, isAllowed: false },
  { who: "baresip is an allowed caller", order: undefined, isAllowed: true },
] as const;

for (const { who, order, isAllowed } of callers)
  test.concurrent(
    `before any alarm baresip is refused; after one, where ${who}, it is answered, and each hears the other's tone`,
    options,
    async (context) => {
      const baresip = await operator(context);
      const allowedNumbers = isAllowed ? [baresip.uri] : [];
      const unit = await openUnitHome(context.onTestFinished, { order, allowedNumbers });
      baresip.order("dial", unit.uri);
      await baresip.told("CALL_CLOSED");
      expect(baresip.events.find(({ type }) => type === "CALL_CLOSED")?.param).toMatch(/^(480|486|603) /);
      expect([baresip.recordings().length, unit.heardCount, unit.story]).toEqual([0, 0, ["ringing", "refused"]]);
      await unit.press("accepted");
      baresip.order("dial", unit.uri);
      await baresip.told("CALL_ESTABLISHED");
      await unit.plays(2 * enough);
      baresip.order("hangup");
      await unit.tells("closed");
      const promised = isAllowed ? [] : ["promised"];
      expect(unit.story.slice(2)).toEqual([...promised, "ringing", "answered", "ended over", "closed"]);
      expect(timeOfTone(middle(await baresip.recording()), testToneHz)).toBeGreaterThan(mostly);
      expect(timeOfTone(middle(unit.heard()), operatorToneHz)).toBeGreaterThan(mostly);
    },
  );

test.concurrent(
  "nobody accepts and baresip is the fallback: it is called, its key 0 is told as spoken, and nothing counts as accepted",
  options,
  async (context) => {
    const baresip = await operator(context);
    const fallback = { mode: "reject", fallbackNumber: baresip.uri } as const;
    const unit = await openUnitHome(context.onTestFinished, fallback);
    await unit.press("refused");
    await unit.tells("answered");
    await unit.plays(enough);
    baresip.press("0");
    await unit.tells("told spoken");
    baresip.order("hangup");
    await unit.tells("ended over");
    expect(unit.story).toEqual(["dialling", "answered", "key 0", "told spoken", "ended over"]);
    expect(unit.calls[0]?.number).toBe(baresip.uri);
    expect(unit.lamp).not.toContain("accepted");
    expect(timeOfTone(middle(await baresip.recording()), testToneHz)).toBeGreaterThan(mostly);
  },
);

test.concurrent("a unit that is switched off while baresip rings takes its call back", options, async (context) => {
  const baresip = await operator(context, { takesCalls: false });
  const unit = await openUnitHome(context.onTestFinished, { order: { mre: 1, cre: 62, tnu: [baresip.uri] } });
  await unit.press("accepted");
  await baresip.told("CALL_INCOMING");
  await unit.home.hangUp();
  await baresip.told("CALL_CLOSED");
  expect([unit.story, unit.heardCount]).toEqual([["dialling", "ended hung-up"], 0]);
});
