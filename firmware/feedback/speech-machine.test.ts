import fc from "fast-check";
import { expect, test } from "vitest";
import { deepFreeze } from "../alarm/arbitraries.ts";
import { phraseOf, phraseTexts } from "./phrase-texts.ts";
import type { PhraseName } from "./phrases.ts";
import { longestMs, speechAtStart, staleMs, stepSpeech, waitingLimit } from "./speech-machine.ts";

const names = Object.keys(phraseTexts) as PhraseName[];

/** A voice whose host is played by the test. */
class Play {
  state = deepFreeze(speechAtStart);
  nowMs = 0;
  quiet = false;
  readonly said: string[] = [];
  private wakeMs = -1;

  ask(phrase: PhraseName, answer = false): void {
    this.take({ type: "asked", nowMs: this.nowMs, quiet: this.quiet, phrase, answer });
  }

  tell(type: "spoken" | "call-started" | "call-ended"): void {
    this.take({ type, nowMs: this.nowMs, quiet: this.quiet });
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.wakeMs >= 0 && this.wakeMs <= untilMs) {
      this.nowMs = this.wakeMs;
      this.wakeMs = -1;
      this.take({ type: "due", nowMs: this.nowMs, quiet: this.quiet });
    }
    this.nowMs = untilMs;
  }

  private take(event: Parameters<typeof stepSpeech>[1]): void {
    const speaking = this.state.at === "speaking" && event.type !== "spoken";
    const next = stepSpeech(this.state, event);
    let hushed = false;
    for (const effect of next.effects) {
      if (effect.type === "hush") hushed = true;
      if (effect.type === "speak") {
        expect(speaking && !hushed).toBe(false);
        this.said.push(effect.phrase);
      }
      if (effect.type === "hush") this.said.push("-");
      if (effect.type === "wake") this.wakeMs = effect.atMs;
    }
    this.state = deepFreeze(next.state);
    expect(this.state.waiting.length).toBeLessThanOrEqual(waitingLimit);
    const urgencies = this.state.waiting.map((each) => phraseOf(each.phrase).urgency);
    expect(urgencies).toEqual(urgencies.toSorted());
  }
}

test("one phrase at a time, the urgent before the others, in the order in which they came", () => {
  const play = new Play();
  for (const phrase of ["mains-back", "ready", "press-to-test"] as const) play.ask(phrase);
  for (let i = 0; i < 3; i++) play.tell("spoken");
  expect(play.said).toEqual(["mains-back", "ready", "press-to-test"]);
});

test("what is more urgent interrupts, and what it interrupted is said again afterwards", () => {
  const play = new Play();
  play.ask("press-to-test");
  play.ask("battery-low");
  play.tell("spoken");
  expect(play.said).toEqual(["press-to-test", "-", "battery-low", "press-to-test"]);
});

test("news that is no longer true is never said, also in the middle of the word", () => {
  const play = new Play();
  play.ask("sending");
  play.ask("accepted");
  play.tell("spoken");
  play.ask("battery-low");
  play.ask("mains-lost");
  play.ask("mains-back");
  for (let i = 0; i < 3; i++) play.tell("spoken");
  expect(play.said).toEqual(["sending", "-", "accepted", "battery-low", "mains-back"]);
});

/** What asks before an alarm is raised. */
const questions: readonly string[] = ["pre-alarm", "door-open", "inactivity-warning"];

test("at night nobody is woken, not even by an alarm that nobody has accepted; an answer is spoken", () => {
  const play = new Play();
  play.quiet = true;
  for (const phrase of ["not-accepted", "no-path", "mains-lost", "press-to-test", "talking"] as const) play.ask(phrase);
  expect(play.said).toEqual([]);
  play.ask("works", true);
  expect(play.said).toEqual(["works"]);
});

test("the question before an alarm is asked at night too: a door that is shut at it calls nobody out", () => {
  for (const question of questions) {
    const play = new Play();
    play.quiet = true;
    play.ask(question as PhraseName);
    expect(play.said).toEqual([question]);
  }
});

test("what waited into the quiet hours is dropped", () => {
  const play = new Play();
  play.ask("mains-lost");
  play.ask("press-to-test");
  play.quiet = true;
  play.tell("spoken");
  expect(play.said).toEqual(["mains-lost"]);
});

test("a call is interrupted only by what cannot wait for its end, at night too", () => {
  const play = new Play();
  play.quiet = true;
  play.tell("call-started");
  play.ask("talking");
  play.tell("spoken");
  play.ask("mains-lost");
  play.ask("alarm-during-call");
  play.tell("spoken");
  expect(play.said).toEqual(["talking", "alarm-during-call"]);
  const day = new Play();
  day.ask("mains-lost");
  day.tell("call-started");
  day.ask("battery-low");
  day.pass(staleMs - 1);
  day.tell("call-ended");
  expect(day.said).toEqual(["mains-lost", "-", "battery-low"]);
});

test("what has waited for more than a minute is old news", () => {
  const play = new Play();
  play.tell("call-started");
  play.ask("mains-lost");
  play.pass(staleMs + 1);
  play.tell("call-ended");
  expect(play.said).toEqual([]);
});

test("a host that never says that it has spoken does not silence the unit", () => {
  const play = new Play();
  play.ask("mains-lost");
  play.ask("battery-low");
  play.pass(longestMs - 1);
  expect(play.said).toEqual(["mains-lost"]);
  play.pass(1);
  expect(play.said).toEqual(["mains-lost", "-", "battery-low"]);
});

test("at most six phrases wait; beyond, the least urgent one is dropped", () => {
  const play = new Play();
  play.tell("call-started");
  const informing = names.filter((name) => phraseOf(name).urgency === 2);
  const topics = new Set<string>();
  for (const name of informing) {
    if (topics.has(phraseOf(name).topic)) continue;
    topics.add(phraseOf(name).topic);
    play.ask(name);
  }
  for (const name of ["mains-lost", "battery-low", "not-accepted", "fault", "where-to-turn"] as const) play.ask(name);
  expect(play.state.waiting).toHaveLength(waitingLimit);
  expect(play.state.waiting.filter((each) => phraseOf(each.phrase).urgency === 1)).toHaveLength(5);
});

test("whatever is asked and however the host behaves, it never speaks twice at once and never unasked at night", () => {
  const step = fc.oneof(
    fc.tuple(fc.constant("ask"), fc.constantFrom(...names), fc.boolean()),
    fc.tuple(fc.constantFrom("spoken", "call-started", "call-ended", "night", "day", "pass"), fc.nat(90_000)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const play = new Play();
      const answers = new Set<string>();
      for (const [what, value, answer] of steps) {
        const before = play.said.length;
        if (what === "ask") {
          if (answer === true) answers.add(value as string);
          play.ask(value as PhraseName, answer === true);
        } else if (what === "night" || what === "day") play.quiet = what === "night";
        else if (what === "pass") play.pass(value as number);
        else play.tell(what as "spoken");
        if (!play.quiet) continue;
        for (const said of play.said.slice(before)) {
          if (said === "-" || answers.has(said) || questions.includes(said)) continue;
          expect(play.state.talking && phraseOf(said as PhraseName).urgency === 0).toBe(true);
        }
      }
    }),
  );
});
