import { expect, test } from "vitest";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { LostRoutes } from "./lost-routes.ts";

const endMs = 90 * minuteMs;
const calledMs = 20 * minuteMs;
const home = "policy: broadband-first, mobile: alfa, broadband: fibre, proven-within: 6h";

class Scene extends HandMade {
  readonly checker: LostRoutes;

  constructor(own = home, faults: readonly string[] = []) {
    super({ duration: "2h", presses: [], faults, home: own });
    this.checker = new LostRoutes(this.scenario, this.residents, this.sight, this.hindrances);
    this.checker.started(minuteMs, 0);
  }

  asks(atMs: number, route: "broadband" | "mobile" = "broadband"): void {
    this.checker.datagram(atMs, 0, route, "sent", Buffer.from("OPTIONS sip:larm@larm.example SIP/2.0\r\n"));
  }

  answers(atMs: number, route: "broadband" | "mobile" = "broadband"): void {
    this.checker.datagram(atMs, 0, route, "received", Buffer.from("SIP/2.0 200 OK\r\n"));
    // What the unit acknowledges is no question.
    this.checker.datagram(atMs + 1, 0, route, "sent", Buffer.from("SIP/2.0 200 OK\r\n"));
  }

  tellsLost(lostMs: number): void {
    const at = new Date(this.scenario.startWallMs + lostMs).toISOString().slice(0, 19);
    this.sends(lostMs, { ref: "AB12C0000090000", dty: 2, stc: 23, ite: `at ${at}Z` });
  }

  /** Over broadband in vain, over mobile at once. */
  calls(): void {
    this.asks(calledMs);
    this.sends(calledMs);
    this.hears(calledMs + 6_000, firstRef, 0, "mobile");
    this.answers(calledMs + 6_000, "mobile");
  }

  get found(): readonly string[] {
    return this.checker.verdict({ endMs, receivers: [] }).found;
  }
}

function foundIn(play: (scene: Scene) => void, own = home, faults: readonly string[] = []): readonly string[] {
  const scene = new Scene(own, faults);
  play(scene);
  return scene.found;
}

test("a route over which a call went in vain is told as lost within minutes", () => {
  const vain = ["u: a call went over broadband in vain at 00:20:00, and it is not told as lost by 00:24:06"];
  const calls = (scene: Scene): void => scene.calls();
  expect(foundIn(calls)).toEqual(vain);
  const told = (lostMs: number) =>
    foundIn((scene) => {
      scene.calls();
      scene.tellsLost(lostMs);
    });
  expect(told(calledMs + 2 * minuteMs)).toEqual([]);
  expect(told(calledMs + 5 * minuteMs)).toEqual(vain);
});

test("a route that answers soon is not lost, and whose other route or power is in trouble may not tell", () => {
  const calls = (scene: Scene): void => scene.calls();
  expect(
    foundIn((scene) => {
      scene.calls();
      scene.answers(calledMs + minuteMs);
    }),
  ).toEqual([]);
  expect(
    foundIn((scene) => {
      scene.calls();
      scene.checker.stopped(calledMs + minuteMs, 0);
    }),
  ).toEqual([]);
  expect(foundIn(calls, home, ["from: 25m, to: 30m, operator: alfa, fault: no-data"])).toEqual([]);
  expect(foundIn(calls, home.replace("6h", "3m"))).toEqual([]);
  expect(foundIn(calls, `${home}, telephone: mobile`)).toEqual([]);
});

test("a route that is back is asked each three minutes until it has been steady for ten", () => {
  const lostMs = 30 * minuteMs;
  const backMs = 40 * minuteMs;
  const asked = (minutes: readonly number[]) =>
    foundIn((scene) => {
      scene.tellsLost(lostMs);
      scene.answers(backMs);
      for (const minute of minutes) scene.asks(backMs + minute * minuteMs);
    });
  expect(asked([3, 6, 9])).toEqual([]);
  expect(asked([3])).toEqual(["u: broadband is back at 00:40:00, and nothing goes over it from 00:43:00 on"]);
  expect(asked([])).toEqual(["u: broadband is back at 00:40:00, and nothing goes over it from 00:40:00 on"]);
  expect(foundIn((scene) => scene.tellsLost(lostMs))).toEqual([]);
});
