/** The voice machine's steps as news, played with the machine itself. */
import { expect, test } from "vitest";
import { startVoice, stepVoice } from "../../firmware/voice/voice-machine.ts";
import { clearDownMs, ringMs, type VoiceEvent } from "../../firmware/voice/voice-state.ts";
import { type CallNews, LiveCalls } from "./live-calls.ts";

const prefix = "Q4T8A";
/** Of the report with number 64. */
const stem = "Q4T8A000001S";
const operator = "sip:larm@larm.example";
const duplex = {
  who: "unit",
  mode: "duplex",
  minutes: 0,
  targets: [{ medium: "sip", number: operator }],
} as const;

class Talk {
  readonly news: CallNews[] = [];
  readonly calls = new LiveCalls(prefix, (news) => this.news.push(news));
  private state: ReturnType<typeof startVoice>;

  constructor(fallback: string | undefined = undefined) {
    const target = { medium: "sip", number: fallback ?? "", mustConfirm: false } as const;
    const targets = fallback === undefined ? [] : [target];
    this.state = startVoice({ allowedNumbers: [], fallback: targets, stopsData: false });
  }

  step(...events: readonly VoiceEvent[]): this {
    for (const event of events) {
      const next = stepVoice(this.state, event);
      this.state = next.state;
      this.calls.step(event.nowMs, event, next.effects);
    }
    return this;
  }

  get words(): readonly string[] {
    return this.news.map(({ what, key, reason, text }) => [what, key ?? reason ?? text ?? []].flat().join(" "));
  }
}

const granted = { type: "granted", nowMs: 100, number: 64, plan: duplex } as const;
const answered = { type: "answered", nowMs: 900 } as const;

test("a call is told from its dialling to its end, with who is called and the alarm that it is about", () => {
  const talk = new Talk().step(granted, answered, { type: "ended", nowMs: 5_000, reason: "over" });
  const call = { medium: "sip", number: operator, key: null, reason: null, text: null, stems: [stem] };
  expect(talk.news).toEqual([
    { ...call, what: "dialling", t: 100, mode: "duplex" },
    { ...call, what: "answered", t: 900, mode: "duplex" },
    { ...call, what: "ended", t: 5_000, mode: null, reason: "over" },
    { ...call, what: "closed", t: 5_000, medium: null, number: null, mode: null },
  ]);
});

test("a key is told with who is heard from then on, before what it leads to", () => {
  const talk = new Talk("sip:grannen@larm.example");
  const waiting = { waiting: [64], open: [], newestMs: 0, answerMs: -1, freshMs: -1 };
  talk.step({ type: "alarms", nowMs: 100, alarms: waiting }, answered);
  for (const key of "750") talk.step({ type: "key", nowMs: 2_000, key });
  expect(talk.words).toEqual(["dialling", "answered", "key 7", "key 5", "key 0", "told spoken"]);
  expect(talk.news.map(({ mode }) => mode)).toEqual(["duplex", "duplex", "listen", "listen", "listen", "listen"]);
  expect(talk.news.at(-1)?.stems).toEqual([stem]);
  talk.step({ type: "due", nowMs: 2_000 + clearDownMs });
  expect(talk.words.slice(6)).toEqual(["ended hung-up"]);
});

test("a call that nobody takes ended so by the unit's own patience, and a key in it is nobody's", () => {
  const talk = new Talk().step(granted, { type: "key", nowMs: 200, key: "0" }, { type: "due", nowMs: 100 + ringMs });
  expect(talk.words).toEqual(["dialling", "ended no-answer"]);
});

test("who calls without a right to it is refused, and a withheld number is no number", () => {
  const talk = new Talk().step({ type: "incoming", nowMs: 10, medium: "sip", from: "" });
  expect(talk.words).toEqual(["ringing", "refused"]);
  expect(talk.news[0]).toMatchObject({ medium: "sip", number: null, mode: null, stems: [] });
});

test("a promised call is told as such, and answered when it comes", () => {
  const plan = { ...duplex, who: "centre", minutes: 5 } as const;
  const talk = new Talk().step({ ...granted, plan });
  expect(talk.news).toMatchObject([{ what: "promised", medium: null, stems: [stem] }]);
  talk.step({ type: "incoming", nowMs: 200, medium: "sip", from: operator });
  expect(talk.words).toEqual(["promised", "ringing", "answered"]);
  expect(talk.news[2]).toMatchObject({ number: operator, mode: "duplex", stems: [stem] });
});

test("a further alarm joins the call under its own stem, and the next session begins without the old ones", () => {
  const talk = new Talk().step(granted, answered, { ...granted, nowMs: 1_000, number: 65 });
  expect(talk.words).toEqual(["dialling", "answered", "told samtal pågår"]);
  talk.step({ type: "ended", nowMs: 2_000, reason: "over" }, { ...granted, nowMs: 3_000, number: 66 });
  expect(talk.news.slice(2).map(({ what, stems }) => [what, ...stems])).toEqual([
    ["told", "Q4T8A000001T"],
    ["ended", stem, "Q4T8A000001T"],
    ["closed", stem, "Q4T8A000001T"],
    ["dialling", "Q4T8A000001U"],
  ]);
});

test("a unit that is switched off has hung up, and lost nothing", () => {
  const talk = new Talk().step(granted, answered);
  talk.calls.switchedOff();
  talk.step({ type: "ended", nowMs: 2_000, reason: "lost" });
  expect(talk.words.at(-1)).toBe("ended hung-up");
});
