import { afterEach, expect, test, vi } from "vitest";
import { AlarmDesk } from "../firmware/alarm/alarm-desk.ts";
import { EventLog } from "../firmware/storage/event-log.ts";
import type { RaiseOrder } from "../firmware/unit-context.ts";
import type { Home } from "./home.ts";
import { foundOf, playSmall } from "./play-bench.ts";
import { RunLog } from "./report/run-log.ts";
import type { World } from "./world.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the unit's departments had to tell, as code and text. */
function watchRaised(): string[] {
  const raised: string[] = [];
  const raise = AlarmDesk.prototype.raise;
  vi.spyOn(AlarmDesk.prototype, "raise").mockImplementation(function (this: AlarmDesk, order: RaiseOrder, origin) {
    raised.push(`${order.kind} ${order.stc} ${order.stt}`);
    return raise.call(this, order, origin);
  });
  return raised;
}

function watchLog(): string[] {
  const words: string[] = [];
  const write = EventLog.prototype.write;
  vi.spyOn(EventLog.prototype, "write").mockImplementation(function (this: EventLog, what, detail, number, value) {
    words.push(what);
    write.call(this, what, detail, number, value);
  });
  return words;
}

test("the daily test message names how many buttons nobody has ever had a press accepted of", async () => {
  const raised = watchRaised();
  const result = await playSmall({ duration: "24h", presses: ["at: 4m, press: u, button: 1"] });
  expect(foundOf(result)).toEqual([]);
  expect(raised.filter((each) => each.startsWith("test "))).toEqual([
    "test 102 autolarm, 2 ej verifierad",
    "test 103 autolarm, 1 ej verifierad",
  ]);
  expect(raised.filter((each) => each.startsWith("technical 96"))).toHaveLength(1);
});

test("an alarm's steps stand in the event log, and so does each network that the modem finds", async () => {
  const words = watchLog();
  const faults = ["operator: alfa, fault: down, from: 6m, to: 9m"];
  await playSmall({ duration: "15m", faults });
  const ofAlarm = ["heard", "stored", "sent", "carried", "accepted"];
  for (const word of ofAlarm) expect(words).toContain(word);
  expect(words.indexOf("heard")).toBeLessThan(words.indexOf("carried"));
  expect(words.filter((word) => word === "network")).toHaveLength(1);
  expect(words).toContain("route-lost");
  expect(words).toContain("route-back");
});

test("the help key on the unit is an alarm like any other, and its cancel key ends nothing that has left", async () => {
  const received: string[] = [];
  const log = new RunLog(undefined);
  const prepare = (world: World): void => {
    const home = (): Home => world.home("u") as Home;
    const book = world.receivers[0]?.book;
    if (book === undefined) throw new Error("no receiver");
    const take = book.take.bind(book);
    vi.spyOn(book, "take").mockImplementation((request, nowMs, decide) => {
      received.push(`${request.mty ?? "ME"} ${request.dty} ${request.stc}`);
      return take(request, nowMs, decide);
    });
    world.queue.at(240_000, () => home().key("help", "short"));
    world.queue.at(300_000, () => home().key("cancel", "short"));
  };
  const result = await playSmall({ duration: "10m", presses: [] }, 1, log, prepare);
  expect(foundOf(result)).toEqual([]);
  expect(received.filter((each) => each === "ME 2 10")).toHaveLength(1);
  expect(received.filter((each) => each.startsWith("RE"))).toEqual([]);
});
