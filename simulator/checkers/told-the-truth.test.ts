import { expect, test } from "vitest";
import { answerBytes, firstRef, HandMade, minuteMs, questionBytes, secondRef } from "./checker-bench.ts";
import { ToldTheTruth } from "./told-the-truth.ts";

const bare = questionBytes({ ref: firstRef, cid: "1", dty: 2, stc: 102 });
/** 10:00 on the day of the hand-made worlds, which begin at 06:00 local time. */
const tenMs = 240 * minuteMs;
const noPathPhrase = { number: 5, language: "sv", text: "" } as const;

class Scene extends HandMade {
  readonly checker = new ToldTheTruth(this.residents, this.scenario.startWallMs, this.hindrances);

  isAnswered(atMs: number, snu = 0, ref = firstRef): void {
    this.checker.receiverSigned(atMs - 2, 0, { type: "carried", id: 1, cid: this.cid, ref });
    this.isGiven(atMs - 1, snu, ref);
    this.arrives(atMs, answerBytes(ref, snu));
  }

  /** A receiver has sent its answer. */
  isGiven(atMs: number, snu = 0, ref = firstRef): void {
    this.checker.receiverSigned(atMs, 0, this.answered(ref, snu));
    this.checker.packet(atMs, 0, "sent", answerBytes(ref, snu), { host: "10.0.0.1", port: 5060 }, "udp");
  }

  arrives(atMs: number, bytes: Uint8Array = bare): void {
    this.checker.datagram(atMs, 0, "mobile", "received", bytes);
  }

  shows(atMs: number, signal: string): void {
    this.checker.unitShowed(atMs, 0, signal);
  }
}

function foundIn(endMs: number, play: (scene: Scene) => void): readonly string[] {
  const scene = new Scene();
  play(scene);
  return scene.checker.verdict({ endMs, receivers: [] }).found;
}

/** On since ten, ready, and heard of up to then. */
function readyAt(scene: Scene, atMs: number): void {
  scene.checker.started(atMs - minuteMs, 0);
  scene.isAnswered(atMs - 1_000);
  scene.shows(atMs, "ready");
}

test("ready is shown by a unit that a receiver has answered, and not by a stranger's word", () => {
  expect(foundIn(minuteMs, (scene) => readyAt(scene, minuteMs))).toEqual([]);
  const shown = (word: (scene: Scene) => void) =>
    foundIn(minuteMs, (scene) => {
      scene.checker.started(0, 0);
      word(scene);
      scene.shows(30_000, "ready");
    });
  expect(shown((scene) => scene.isAnswered(20_000, 6))).toEqual([]);
  const lie = 'u, 00:00:30: shows "ready", and no receiver has answered it since its start';
  expect(shown((scene) => scene.arrives(20_000, answerBytes(firstRef, 0)))).toEqual([lie]);
  const unasked = (scene: Scene): void => {
    scene.isGiven(19_000);
    scene.arrives(20_000, answerBytes(firstRef, 0));
  };
  expect(shown(unasked)).toEqual([lie]);
  const late = (scene: Scene): void => {
    scene.checker.receiverSigned(9_000, 0, { type: "carried", id: 1, cid: scene.cid, ref: firstRef });
    unasked(scene);
  };
  expect(shown(late)).toEqual([]);
});

test("who asks in vain for twenty minutes does not show ready, though each request is carried", () => {
  const asking = (minutes: number, lamp: string, answered = false) =>
    foundIn((minutes + 1) * minuteMs, (scene) => {
      readyAt(scene, minuteMs);
      scene.shows(5 * minuteMs, lamp);
      for (let minute = 2; minute <= minutes; minute++) {
        const ref = `AB12C00${String(minute).padStart(5, "0")}000`;
        scene.checker.datagram(
          minute * minuteMs,
          0,
          "mobile",
          "sent",
          questionBytes({ ref, cid: "1", dty: 2, stc: 102 }),
        );
        scene.arrives(minute * minuteMs + 500);
        if (answered && minute === 12) scene.isAnswered(minute * minuteMs + 900, 0, ref);
      }
    });
  const lie = 'u, 00:22:00: no receiver has answered it since 00:00:59, asked 20 times, and its lamp shows "ready"';
  expect(asking(21, "ready")).toEqual([lie]);
  expect(asking(19, "ready")).toEqual([]);
  expect(asking(21, "no-path")).toEqual([]);
  expect(asking(21, "ready", true)).toEqual([]);
  const backAfter = (ms: number) =>
    foundIn(40 * minuteMs, (scene) => {
      readyAt(scene, minuteMs);
      scene.shows(2 * minuteMs, "no-path");
      for (let i = 10; i < 20; i++) {
        const bytes = questionBytes({ ref: `AB12C00000${i}000`, cid: "1", dty: 2, stc: 102 });
        scene.checker.datagram(i * minuteMs, 0, "mobile", "sent", bytes);
      }
      scene.shows(30 * minuteMs, "ready");
      scene.isAnswered(30 * minuteMs + ms);
    }).filter((text) => text.includes("asked 10 times"));
  expect(backAfter(80_000), "a first SIP answer shows a route again").toEqual([]);
  expect(backAfter(100_000)).toHaveLength(1);
});

test("what came to a modem that stands still is not known to its unit", () => {
  const says = (faults: readonly string[]): readonly string[] => {
    const scene = new Scene({ faults });
    scene.checker.started(0, 0);
    scene.checker.datagram(50_000, 0, "mobile", "sent", questionBytes({ ref: firstRef, cid: "1", dty: 2, stc: 102 }));
    scene.isAnswered(60_000);
    scene.shows(65_000, "no-path");
    return scene.checker.verdict({ endMs: 2 * minuteMs, receivers: [] }).found;
  };
  expect(says([])).toEqual(["u, 00:01:05: says that it has no path, and a receiver answered it at 00:01:00"]);
  expect(says(["from: 55s, to: 90s, unit: u, fault: frozen-modem"])).toEqual([]);
});

test("ready is said once a receiver has accepted something, in each life anew", () => {
  const said = (snu: number) =>
    foundIn(minuteMs, (scene) => {
      scene.checker.started(0, 0);
      scene.isAnswered(20_000, snu);
      scene.checker.spoke(30_000, 0, { ...noPathPhrase, number: 1 });
    });
  expect(said(0)).toEqual([]);
  expect(said(6)).toEqual([
    "u, 00:00:30: says that it is ready, and no receiver has accepted a word of it since its start",
  ]);
});

test("no path is said by a unit that was not answered just now", () => {
  const says = (afterMs: number) =>
    foundIn(tenMs + 2 * minuteMs, (scene) => {
      readyAt(scene, tenMs);
      scene.isAnswered(tenMs + minuteMs);
      scene.shows(tenMs + minuteMs + afterMs, "no-path");
    });
  expect(says(20_000)).toEqual([]);
  expect(says(19_000)).toEqual(["u, 04:01:19: says that it has no path, and a receiver answered it at 04:01:00"]);
});

test("an answer that may still lie in the modem does not count, one before it does", () => {
  const shown = (afterMs: number, isSecond: boolean) =>
    foundIn(tenMs + 2 * minuteMs, (scene) => {
      readyAt(scene, tenMs);
      scene.isAnswered(tenMs + minuteMs);
      if (isSecond) scene.isAnswered(tenMs + minuteMs + afterMs - 1, 0, secondRef);
      scene.shows(tenMs + minuteMs + afterMs, "no-path");
    });
  expect(shown(999, false)).toEqual([]);
  expect(shown(1_000, false)).toHaveLength(1);
  expect(shown(1_000, true)).toHaveLength(1);
});

test("what was asked long ago and answered just now, or told twice, says nothing of now", () => {
  const asked = (beforeMs: number, repeatedMs: number) =>
    foundIn(tenMs + 2 * minuteMs, (scene) => {
      readyAt(scene, tenMs);
      scene.checker.datagram(tenMs + minuteMs - beforeMs, 0, "mobile", "sent", bare);
      scene.isAnswered(tenMs + minuteMs);
      scene.arrives(tenMs + minuteMs + repeatedMs, answerBytes(firstRef, 0));
      scene.shows(tenMs + minuteMs + repeatedMs + 1_000, "no-path");
    });
  expect(asked(5_000, 1_000)).toHaveLength(1);
  expect(asked(19_000, 0)).toEqual([]);
  expect(asked(5_000, 14_000)).toEqual([]);
});

test("an answer that comes when nobody waits for it any more is no path", () => {
  const found = foundIn(tenMs + 2 * minuteMs, (scene) => {
    readyAt(scene, tenMs);
    scene.checker.receiverSigned(tenMs + 40_000, 0, { type: "carried", id: 1, cid: scene.cid, ref: firstRef });
    scene.isGiven(tenMs + minuteMs);
    scene.arrives(tenMs + minuteMs, answerBytes(firstRef, 0));
    scene.shows(tenMs + minuteMs + 1, "no-path");
  });
  expect(found).toEqual([]);
});

test("a stranger's copy of an answer that is still on its way is no answer", () => {
  const heard = (callId: string | undefined) =>
    foundIn(tenMs + 2 * minuteMs, (scene) => {
      readyAt(scene, tenMs);
      scene.checker.receiverSigned(tenMs + 59_000, 0, { type: "carried", id: 1, cid: scene.cid, ref: firstRef });
      scene.isGiven(tenMs + minuteMs);
      scene.arrives(tenMs + minuteMs + 1, answerBytes(firstRef, 0, callId));
      scene.shows(tenMs + minuteMs + 1_001, "no-path");
    });
  expect(heard("forged@198.18.0.66")).toEqual([]);
  expect(heard(undefined)).toHaveLength(1);
});

test("ten minutes in which nothing arrives must show on the lamp", () => {
  const silent = (minutes: number, lamp: string) =>
    foundIn(tenMs + minutes * minuteMs, (scene) => {
      readyAt(scene, tenMs);
      scene.arrives(tenMs + 1_000);
      scene.shows(tenMs + 30_000, lamp);
    });
  const lies = 'u, 04:12:00: nothing has reached it since 04:00:01, and its lamp shows "one-path-lost"';
  expect(silent(10, "one-path-lost")).toEqual([]);
  expect(silent(12, "one-path-lost")).toEqual([lies]);
  for (const lamp of ["no-path", "sending", "not-accepted", "fault"]) expect(silent(12, lamp)).toEqual([]);
});

test("ten minutes later it is said aloud, by day and once in three hours", () => {
  const silent = (fromMs: number, saidMs: number | undefined) =>
    foundIn(fromMs + 30 * minuteMs, (scene) => {
      readyAt(scene, fromMs);
      scene.shows(fromMs + 4 * minuteMs, "no-path");
      if (saidMs !== undefined) scene.checker.spoke(saidMs, 0, noPathPhrase);
    });
  expect(silent(tenMs, undefined)).toEqual([
    "u, 04:30:00: nothing has reached it since 03:59:59, and it has not said so",
  ]);
  expect(silent(tenMs, tenMs + 14 * minuteMs)).toEqual([]);
  expect(silent(tenMs, tenMs - 100 * minuteMs)).toEqual([]);
  expect(silent(17 * 60 * minuteMs, undefined)).toEqual([]);
});

test("a unit without power, in a call, or in store owes nobody a word", () => {
  const endMs = tenMs + 40 * minuteMs;
  const off = foundIn(endMs, (scene) => {
    readyAt(scene, tenMs);
    scene.checker.stopped(tenMs + minuteMs, 0);
  });
  const talks = foundIn(tenMs + 15 * minuteMs, (scene) => {
    readyAt(scene, tenMs);
    scene.shows(tenMs + minuteMs, "talking");
    scene.shows(tenMs + 14 * minuteMs, "ready");
  });
  const stored = foundIn(endMs, (scene) => {
    readyAt(scene, tenMs);
    scene.checker.lifeOrdered(tenMs + minuteMs, 0, "stored");
  });
  expect([off, talks, stored]).toEqual([[], [], []]);
});

test("no path is true soon after an answer where its receiver has had trouble since, and two questions found that out", () => {
  const says = (questions: number, faults: readonly string[]): number => {
    const scene = new Scene({ faults });
    readyAt(scene, minuteMs);
    scene.checker.datagram(2 * minuteMs - 100, 0, "mobile", "sent", bare);
    scene.isAnswered(2 * minuteMs);
    for (let i = 1; i <= questions; i++) {
      const bytes = questionBytes({ ref: `AB12C00000${10 + i}000`, cid: "1", dty: 2, stc: 102 });
      scene.checker.datagram(2 * minuteMs + i * 1_000, 0, "mobile", "sent", bytes);
    }
    scene.shows(2 * minuteMs + 12_000, "no-path");
    return scene.checker.verdict({ endMs: 3 * minuteMs, receivers: [] }).violations;
  };
  const trouble = ["from: 121s, to: 125s, receiver: primary, fault: sip-503"];
  expect(says(2, trouble)).toBe(0);
  expect(says(1, trouble), "one question is not enough").toBe(1);
  expect(says(2, []), "nothing was wrong").toBe(1);
});

test("a unit that may go an hour unproven has so much longer to find out that nothing reaches it", () => {
  const found = (endMs: number): readonly string[] => {
    const scene = new Scene({ home: "mobile: alfa, broadband: fibre, proven-within: 1h" });
    readyAt(scene, tenMs);
    return scene.checker.verdict({ endMs, receivers: [] }).found;
  };
  expect(found(tenMs + 67 * minuteMs)).toEqual([]);
  expect(found(tenMs + 68 * minuteMs)).toEqual([
    'u, 05:08:00: nothing has reached it since 03:59:59, and its lamp shows "ready"',
  ]);
});
