import { expect, test } from "vitest";
import type { Fact } from "../../protocol/at/answers.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { factsFor, type Play, plan, powered, powerPlan, ready, settings, until } from "./arbitraries.ts";
import type { ModemPlan } from "./modem-state.ts";

test("a modem that never answers is called ten times a round, with waits up to five minutes between rounds", () => {
  const play = powered();
  while (play.nowMs < 3_600_000) play.wait();
  expect(play.asked.length).toBeGreaterThan(100);
  expect(play.asked.length).toBeLessThan(200);
});

test("a silent modem loses its power after the second round, for ever longer", () => {
  const play = powered(powerPlan);
  while (play.nowMs < 60_000) play.wait();
  expect(play.powerCuts).toBeGreaterThanOrEqual(1);
  while (play.nowMs < 3_600_000) play.wait();
  expect(play.powerCuts).toBeLessThan(20);
});

test("a wrong PIN is told at most twice, over any number of restarts, and never again once it was refused", () => {
  const pin: Fact = { type: "sim", sim: "pin" };
  const refusedPlay = powered();
  const doubtful = powered();
  for (let turn = 0; turn < 8; turn++) {
    for (const play of [refusedPlay, doubtful]) {
      play.feed({ type: "heard", fact: { type: "started" } });
      for (let step = 0; step < 40 && play.state.report.at !== "failed"; step++) {
        if (play.inFlight === "") play.wait();
        else if (play.inFlight === 'AT+CPIN="1234"') play.answer(play === doubtful, [], 16);
        else play.answer(true, play.inFlight === "AT+CPIN?" ? [pin] : factsFor(play.inFlight));
      }
      expect(play.state.report).toMatchObject({ at: "failed", simFault: "pin-refused" });
    }
  }
  expect(refusedPlay.asked.filter((text) => text.startsWith("AT+CPIN=")).length).toBe(1);
  expect(doubtful.asked.filter((text) => text.startsWith("AT+CPIN=")).length).toBe(2);
});

test("the SIM's state is told: absent, locked, PIN missing; one that is put in goes on by itself", () => {
  const absent = powered();
  until(absent, "AT+CPIN?");
  absent.answer(false, [], 10);
  expect(absent.state.report).toMatchObject({ at: "failed", simFault: "absent" });
  absent.feed({ type: "heard", fact: { type: "sim", sim: "ready" } });
  expect(absent.state.report).toMatchObject({ at: "registering", simFault: "none" });

  const locked = powered();
  until(locked, "AT+CPIN?");
  locked.answer(true, [{ type: "sim", sim: "puk" }]);
  expect(locked.state.report).toMatchObject({ at: "failed", simFault: "locked" });
  expect(locked.state.line).toBe("idle");

  const missing = powered({ ...plan, settings: { ...settings, pin: "" } });
  until(missing, "AT+CPIN?");
  missing.answer(true, [{ type: "sim", sim: "pin" }]);
  expect(missing.state.report).toMatchObject({ at: "failed", simFault: "pin-missing" });
});

test("a lost context is activated again, and the sockets hear of both", () => {
  const play = ready();
  play.effects = [];
  play.feed({ type: "heard", fact: { type: "context-lost" } });
  expect(play.state.report.at).toBe("attaching");
  expect(play.effects).toContainEqual({ type: "sockets", order: "fail" });
  play.effects = [];
  play.goReady();
  expect(play.effects).toContainEqual({ type: "sockets", order: "open" });
});

test("a lost registration waits for the network's return and goes on at once when it is back", () => {
  const play = ready();
  play.feed({
    type: "heard",
    fact: { type: "registration", domain: "packet", registration: "searching", generation: "unknown" },
  });
  expect(play.state.report.at).toBe("registering");
  expect(play.state.line).toBe("pause");
  play.feed({
    type: "heard",
    fact: { type: "registration", domain: "packet", registration: "roaming", generation: "4g" },
  });
  expect(play.state.report).toMatchObject({ at: "attaching", roaming: true });
});

test("news that comes while a socket has the line is acted on when it has ended", () => {
  const play = ready();
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.feed({ type: "heard", fact: { type: "context-lost" } });
  expect(play.state.report.at).toBe("ready");
  play.answer(true);
  expect(play.state.report.at).toBe("attaching");
});

test("an unanswered exchange is given up, and the modem sounded with other questions before it counts as gone", () => {
  const play = ready();
  play.effects = [];
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.wait();
  expect(play.effects.map((effect) => effect.type)).toEqual(["ask", "abandon", "lent-failed", "ask"]);
  expect(play.inFlight).toBe("AT+CSQ");
  play.wait();
  expect(play.inFlight).toBe("AT+CFUN?");
  play.answer(true);
  expect(play.state).toMatchObject({ line: "idle", report: { at: "ready" } });

  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  for (let turn = 0; turn < 4; turn++) play.wait();
  expect(play.state.report.at).toBe("booting");
});

test("what is only wished for is skipped when it is refused or unanswered", () => {
  const play = powered();
  until(play, 'AT+QINDCFG="csq",1');
  play.wait();
  play.answer(true);
  expect(play.inFlight).toBe("AT+CTZU=1");
  play.answer(false);
  expect(play.inFlight).toBe("AT+CTZR=2");
});

test("a modem in a loop of restarts is left in peace for ever longer", () => {
  const play = ready();
  const waits: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    play.feed({ type: "heard", fact: { type: "started" } });
    waits.push(play.dueMs - play.nowMs);
    play.wait();
  }
  expect(waits).toEqual([500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000]);
});

test("each step of recovery says what it is for", () => {
  const heard = (step: "reopen" | "reattach" | "reselect" | "reset" | "power-cycle", with_: ModemPlan): Play => {
    const play = ready(with_);
    play.effects = [];
    play.asked.length = 0;
    play.feed({ type: "ordered", step });
    return play;
  };
  const reopen = heard("reopen", plan);
  expect(reopen.effects).toEqual([{ type: "sockets", order: "reopen" }]);
  const reattach = heard("reattach", plan);
  reattach.goReady();
  expect(reattach.asked.slice(0, 3)).toEqual(["AT+QIDEACT=1", "AT+CGATT=0", "AT+CGATT=1"]);
  const reselect = heard("reselect", plan);
  reselect.goReady();
  expect(reselect.asked.slice(0, 2)).toEqual(["AT+COPS=2", "AT+COPS=0"]);
  const reset = heard("reset", plan);
  reset.goReady();
  expect(reset.asked.slice(0, 2)).toEqual(["AT+CFUN=1,1", "AT"]);
  expect(heard("power-cycle", plan).asked).toEqual(["AT+CFUN=1,1"]);
  const cycle = heard("power-cycle", powerPlan);
  expect(cycle.powerCuts).toBe(1);
  cycle.goReady();
});

test("a step that comes while an exchange runs waits for its end, and the strongest one wins", () => {
  const play = ready();
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.feed({ type: "ordered", step: "reset" });
  play.feed({ type: "ordered", step: "reattach" });
  expect(play.inFlight).toBe("AT+QIRD=0");
  play.answer(true);
  expect(play.inFlight).toBe("AT+CFUN=1,1");
});

test("a network selection that runs is ended early by the next step", () => {
  const play = ready();
  play.feed({ type: "ordered", step: "reselect" });
  play.answer(true);
  expect(play.inFlight).toBe("AT+COPS=0");
  play.effects = [];
  play.feed({ type: "ordered", step: "reset" });
  expect(play.effects).toEqual([{ type: "interrupt" }]);
});

test("a name damaged on the line does not make a known modem a stranger, and another model is believed", () => {
  const play = powered();
  for (const model of ["xG95", "EG95", "\u0001G95", "EG91"])
    play.feed({ type: "heard", fact: { type: "model", model } });
  expect(play.state.report.model).toBe("EG91");
  play.feed({ type: "heard", fact: { type: "model", model: "no model" } });
  expect(play.state.report.model).toBe("EG91");
});

test("a doubted context is asked for once the line is free; one that stands keeps its sockets, one that is gone is made anew", () => {
  const play = ready();
  play.effects.length = 0;
  play.feed({ type: "doubted" });
  expect(play.inFlight).toBe("AT+QIACT?");
  play.goReady();
  expect(play.effects.filter((effect) => effect.type === "sockets")).toEqual([]);
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.feed({ type: "doubted" });
  expect(play.inFlight).toBe("AT+QIRD=0");
  play.answer(true);
  expect(play.inFlight).toBe("AT+QIACT?");
  play.answer(true);
  expect(play.effects).toContainEqual({ type: "sockets", order: "fail" });
  play.goReady();
  expect(play.state.doubted).toBe(false);
});
