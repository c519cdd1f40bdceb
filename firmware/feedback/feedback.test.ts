import { expect, test } from "vitest";
import type { Report } from "../alarm/report.ts";
import type { Speech, Utterance } from "../ports/speech.ts";
import { ContextBench } from "../time/test-bench.ts";
import { Announcer } from "./announcer.ts";
import { Feedback } from "./feedback.ts";
import { phraseOf } from "./phrase-texts.ts";
import { type FeedbackSettings, feedbackDefaults } from "./settings.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const noon = Date.UTC(2026, 0, 10, 11);

/** The feedback of a unit whose voice takes three seconds for everything. */
class Home {
  readonly bench = new ContextBench(undefined);
  readonly lamps: string[] = [];
  readonly spoken: Utterance[] = [];
  readonly feedback: Feedback;
  readonly announcer: Announcer;
  private hushed = 0;

  constructor(changes: Partial<FeedbackSettings> = {}) {
    const settings = { ...feedbackDefaults, ...changes };
    this.announcer = new Announcer(this.bench, settings, ({ onSpoken }): Speech => {
      return {
        speak: (utterance) => {
          this.spoken.push(utterance);
          const hushed = this.hushed;
          this.bench.hand.after(3_000, () => {
            if (hushed === this.hushed) onSpoken();
          });
        },
        hush: () => this.hushed++,
        close: () => {},
      };
    });
    this.feedback = new Feedback(this.bench, settings, {
      showLamp: (signal) => this.lamps.push(signal),
      say: (phrase) => this.announcer.say(phrase),
      callChanged: (talking) => this.announcer.talking(talking),
    });
  }

  texts(): string[] {
    return this.spoken.splice(0).map((utterance) => utterance.text);
  }
}

test("ready is not shown before anything is known of the links, whatever else is found well", () => {
  const home = new Home();
  home.feedback.fault(false);
  expect(home.lamps).toEqual([]);
  home.feedback.fault(true);
  home.feedback.fault(false);
  expect(home.lamps).toEqual(["fault"]);
  home.feedback.links("ready");
  expect(home.lamps).toEqual(["fault", "ready"]);
});

test("ready is not said either before that, nor without a path: of a fall that was taken back after a start nobody hears that all is well", () => {
  const home = new Home();
  home.feedback.tell("ready");
  home.feedback.links("no-path");
  home.feedback.tell("ready");
  expect(home.texts()).toEqual([]);
  home.feedback.links("one-path-lost");
  home.feedback.tell("ready");
  home.bench.hand.runTo(10_000);
  expect(home.texts()).toContain("Larmet är klart att använda.");
});

test("without any path for ten minutes the unit says so and whom to call, again each three hours", () => {
  const home = new Home({ whereToTurn: "Ring hemtjänsten, 046-12 34 56." });
  home.bench.tellTime(noon);
  home.feedback.links("no-path");
  home.bench.pass(10 * minuteMs - 1);
  expect(home.texts()).toEqual([]);
  expect(home.lamps).toEqual(["no-path"]);
  home.bench.pass(5_000);
  const both = [phraseOf("no-path").sv, "Ring hemtjänsten, 046-12 34 56."];
  expect(home.texts()).toEqual(both);
  home.bench.pass(3 * hourMs - 5_000);
  home.bench.pass(5_000);
  expect(home.texts()).toEqual(both);
});

test("what falls into the night is said at seven in the morning, while the lamp shows it at once", () => {
  const home = new Home();
  home.bench.tellTime(Date.UTC(2026, 0, 10, 20, 55));
  home.feedback.links("no-path");
  home.bench.pass(9 * hourMs + 5 * minuteMs - 1);
  expect(home.lamps).toEqual(["no-path"]);
  expect(home.texts()).toEqual([]);
  home.bench.pass(6 * minuteMs);
  expect(home.texts()).toEqual([phraseOf("no-path").sv, phraseOf("where-to-turn").sv]);
});

test("with an unknown time it speaks at any hour", () => {
  const home = new Home({ language: "en" });
  home.feedback.links("no-path");
  home.bench.pass(10 * minuteMs);
  expect(home.texts()).toEqual([phraseOf("no-path").en]);
});

test("a route that comes and goes within ten minutes is never spoken of, and one that flaps not more often than each three hours", () => {
  const home = new Home();
  home.bench.tellTime(noon);
  for (let i = 0; i < 20; i++) {
    home.feedback.links(i % 2 === 0 ? "one-path-lost" : "ready");
    home.bench.pass(9 * minuteMs);
  }
  expect(home.texts()).toEqual([]);
  for (let i = 0; i < 7; i++) {
    home.feedback.links("no-path");
    home.bench.pass(11 * minuteMs);
    home.feedback.links("ready");
    home.bench.pass(9 * minuteMs);
  }
  expect(home.texts()).toEqual([phraseOf("no-path").sv, phraseOf("where-to-turn").sv]);
});

test("one lost path is said once, and its return", () => {
  const home = new Home();
  home.bench.tellTime(noon);
  home.feedback.links("one-path-lost");
  home.bench.pass(5 * hourMs);
  expect(home.texts()).toEqual([phraseOf("one-path-lost").sv]);
  home.feedback.links("ready");
  home.bench.pass(10 * minuteMs);
  expect(home.texts()).toEqual([phraseOf("path-back").sv]);
  expect(home.lamps).toEqual(["one-path-lost", "ready"]);
});

test("an alarm is shown and said from press to acceptance, and the lamp goes back to what was before", () => {
  const home = new Home();
  home.bench.tellTime(noon);
  home.feedback.links("one-path-lost");
  const pressed = {
    facts: { kind: "user-alarm" },
    acceptedMs: -1,
    cancelled: false,
    told: false,
    at: "round",
  } as Report;
  home.feedback.tell("sending");
  home.feedback.alarms([pressed]);
  home.bench.pass(2_000);
  const accepted: Report = { ...pressed, acceptedMs: 9, at: "open" };
  home.feedback.tell("accepted");
  home.feedback.alarms([accepted]);
  home.feedback.alarms([accepted]);
  home.feedback.alarms([{ ...accepted, at: "done" }]);
  expect(home.lamps).toEqual(["one-path-lost", "sending", "accepted", "one-path-lost"]);
  expect(home.texts()).toEqual([phraseOf("sending").sv, phraseOf("accepted").sv]);
});

test("a call is announced, and a new alarm meanwhile is named into it", () => {
  const home = new Home();
  home.bench.tellTime(Date.UTC(2026, 0, 10, 2));
  home.feedback.links("ready");
  home.feedback.talking(true);
  home.feedback.talking(true);
  home.bench.pass(5_000);
  home.feedback.tell("sending");
  home.feedback.talking(false);
  expect(home.texts()).toEqual([phraseOf("talking").sv, phraseOf("alarm-during-call").sv]);
  expect(home.lamps).toEqual(["ready", "talking", "ready"]);
});

test("a fault is said when it begins, once", () => {
  const home = new Home();
  home.bench.tellTime(noon);
  home.feedback.links("ready");
  home.feedback.tell("fault");
  home.feedback.fault(true);
  home.bench.pass(hourMs);
  home.feedback.fault(false);
  expect(home.texts()).toEqual([phraseOf("fault").sv]);
  expect(home.lamps).toEqual(["ready", "fault", "ready"]);
});

test("a unit whose paths stand needs no wake-up for its feedback, and a board without a voice is told nothing", () => {
  const home = new Home();
  home.bench.tellTime(noon);
  home.feedback.links("ready");
  home.bench.pass(48 * hourMs);
  expect(home.bench.clock.wakeUps).toBe(0);
  const mute = new Announcer(home.bench, feedbackDefaults, undefined);
  mute.say("sending");
  mute.answer("works");
  mute.talking(true);
  expect(home.bench.hand.running).toBe(0);
});
