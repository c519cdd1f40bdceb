/** Flags of the unit's telephones: what cannot ring is refused before anything starts. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { allowedLimit, relativeLimit } from "../firmware/voice/voice-settings.ts";
import { readWav, wavHeader, wavHeaderLength } from "../simulator/live/rtp/wav.ts";
import { openSound, type TelephoneFlags, type TelephoneSite, voiceOf } from "./telephone-flags.ts";
import { UserError } from "./user-error.ts";

const desk: TelephoneSite = { hasModem: false, policy: "broadband-only", allow: [] };
const withModem: TelephoneSite = { hasModem: true, policy: "mobile-first", allow: [] };
const byTone = { microphone: "tone" };
const bySim = { mobileCalls: "beside-data" };
const operator = "sip:larm@127.0.0.1:5070";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-flags-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What the user is told. */
function refusalOf(run: () => unknown): UserError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown;
    throw thrown;
  }
  throw new Error("it was taken");
}

test("without a flag there is no telephone, and nothing is opened", () => {
  expect(voiceOf({}, desk)).toBeUndefined();
  expect(voiceOf({ mobileCalls: "none" }, withModem)).toBeUndefined();
  expect(openSound({}, () => {})).toBeUndefined();
});

test("what the flags name is what the unit is set up with", () => {
  const flags = {
    loudspeaker: "a.wav",
    allowCaller: [operator, "0700000012"],
    fallback: operator,
    relative: [operator],
  };
  expect(voiceOf(flags, desk)).toEqual({
    allowedNumbers: [operator, "0700000012"],
    receiverNumbers: [],
    fallbackNumber: operator,
    relatives: [operator],
    mobileCalls: "none",
  });
  const mobile = { mobileCalls: "instead-of-data", fallback: "+46700000012" };
  expect(voiceOf(mobile, withModem)).toMatchObject({ fallbackNumber: "+46700000012", mobileCalls: "instead-of-data" });
});

const many = (count: number): string[] => new Array<string>(count).fill(operator);

test("as many callers and relatives are taken as a unit can keep", () => {
  const flags = { ...byTone, allowCaller: many(allowedLimit), relative: many(relativeLimit) };
  expect(voiceOf(flags, desk)?.relatives.length).toBe(relativeLimit);
});

const refused: readonly (readonly [string, TelephoneFlags, TelephoneSite, number, string, string])[] = [
  ["one caller too many", { ...byTone, allowCaller: many(allowedLimit + 1) }, desk, 2, "--allow-caller more", "really"],
  ["one relative too many", { ...byTone, relative: many(relativeLimit + 1) }, desk, 2, "--relative more", "nearest"],
  ["a caller and no telephone", { allowCaller: [operator] }, desk, 2, "no telephone", "--microphone tone"],
  ["a caller in words", { ...byTone, allowCaller: ["mother"] }, desk, 2, "--allow-caller mother is no", "0700000012"],
  ["an empty fallback", { ...byTone, fallback: "" }, desk, 2, "--fallback  is no", operator],
  [
    "a fallback without its host",
    { ...byTone, fallback: "sip:larm@" },
    desk,
    2,
    "--fallback sip:larm@ is no",
    operator,
  ],
  ["a SIP fallback and no sound", { ...bySim, fallback: operator }, withModem, 2, "no SIP telephone", "--microphone"],
  ["a number and no modem", { ...byTone, fallback: "112" }, desk, 2, "112 is called through a modem", "--modem"],
  [
    "a relative's number, and the modem may not call",
    { ...byTone, relative: ["112"] },
    withModem,
    2,
    "112",
    "--mobile",
  ],
  ["a fallback beyond loopback", { ...byTone, fallback: "sip:a@192.0.2.7" }, desk, 4, "192.0.2.7", "--allow 192.0.2.7"],
  ["calls of an unknown kind", { mobileCalls: "sometimes" }, withModem, 2, "sometimes is unknown", "beside-data"],
  ["mobile calls and no modem", bySim, desk, 2, "needs a modem", "--modem DIALECT:PATH"],
  [
    "mobile calls off the mobile route",
    bySim,
    { ...withModem, policy: "broadband-only" },
    2,
    "--policy",
    "mobile-first",
  ],
  [
    "sound off broadband",
    byTone,
    { ...withModem, policy: "mobile-only" },
    2,
    "over broadband",
    "--policy mobile-first",
  ],
];

test.each(refused)("%s: refused with what to try", (_what, flags, site, code, words, hint) => {
  const told = refusalOf(() => voiceOf(flags, site));
  expect(told).toMatchObject({ exitCode: code });
  expect(told.message).toContain(words);
  expect(told.hint).toContain(hint);
});

test("an address that is allowed may be the fallback, and a name goes by the receiver", () => {
  const site = { ...desk, allow: ["192.0.2.7"] };
  for (const fallback of ["sip:a@192.0.2.7", "sip:a@larm.example"])
    expect(voiceOf({ ...byTone, fallback }, site)?.fallbackNumber).toBe(fallback);
});

test("a microphone's file that is not there or of another kind ends with 2 and a line for sox", () => {
  const file = join(folder(), "voice.wav");
  const gone = refusalOf(() => openSound({ microphone: file }, () => {}));
  expect(gone).toMatchObject({ exitCode: 2, hint: `sox ${file} -r 8000 -c 1 -b 16 -e signed-integer 8k.wav` });
  expect(gone.message).toBe(`--microphone ${file}: cannot be read (ENOENT)`);
  writeFileSync(file, "no sound");
  expect(refusalOf(() => openSound({ microphone: file }, () => {})).message).toContain("no WAV file");
});

test("a recording that cannot be written ends with 2, and never takes the microphone's file", () => {
  const place = folder();
  const nowhere = join(place, "gone", "heard.wav");
  expect(refusalOf(() => openSound({ loudspeaker: nowhere }, () => {}))).toMatchObject({
    exitCode: 2,
    message: `--loudspeaker ${nowhere}: cannot be written (ENOENT)`,
  });
  const file = join(place, "voice.wav");
  const bytes = Buffer.concat([wavHeader(1), new Uint8Array(2)]);
  writeFileSync(file, bytes);
  const twice = refusalOf(() => openSound({ microphone: file, loudspeaker: `${place}/./voice.wav` }, () => {}));
  expect(twice.message).toContain("is the microphone's file");
  expect(readFileSync(file)).toEqual(bytes);
});

test("sound that is opened is silence unless said, and its recording is whole once closed", () => {
  const file = join(folder(), "heard.wav");
  const opened = openSound({ loudspeaker: file }, () => {});
  expect(existsSync(file)).toBe(true);
  const frame = new Int16Array(160).fill(7);
  opened?.sound.loudspeaker.play(frame);
  opened?.sound.microphone.next(frame);
  expect(frame.every((sample) => sample === 0)).toBe(true);
  opened?.close();
  const bytes = readFileSync(file);
  expect(bytes.length).toBe(wavHeaderLength + 320);
  expect(readWav(bytes)).toMatchObject({ ok: true, value: new Int16Array(160).fill(7) });
});
