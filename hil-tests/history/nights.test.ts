import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { mostNights } from "../../tools/night-history.ts";
import type { Verdict } from "../run/case.ts";
import { type Night, nightOf, readNights, regressionOf, trendsOf } from "./nights.ts";
import { historyPage, mostShown } from "./page.ts";
import { night, record, run } from "./sample-nights.ts";
import { addToHistory, historyName, pageName } from "./write-history.ts";

function cellsOf(nights: readonly Night[]) {
  return trendsOf(nights)[0]?.cells ?? [];
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-nights-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a regression planted in the seventh of ten nights shows its first bad commit, on the page too", () => {
  const folder = temporary();
  for (let number = 0; number < 10; number++) {
    const commit = `${String(number).repeat(4)}commit`;
    const press: Verdict = number >= 6 ? "fail" : number === 3 ? "flaky" : "pass";
    addToHistory(
      folder,
      run(number, commit, [record("press/accepted", press, 900), record("boot/starts", "pass", 100 + number)]),
    );
  }
  const trends = trendsOf(readNights(join(folder, historyName)));
  expect(trends.map(({ id, passPercent, middleMs }) => ({ id, passPercent, middleMs }))).toEqual([
    { id: "boot/starts", passPercent: 100, middleMs: 104 },
    { id: "press/accepted", passPercent: 50, middleMs: 900 },
  ]);
  expect(trends[0]?.regression).toBeUndefined();
  expect(trends[1]?.regression).toMatchObject({
    firstBad: { commit: "6666commit" },
    lastGood: { commit: "5555commit" },
    badRuns: 4,
    isSameCommit: false,
  });
  const page = readFileSync(join(folder, pageName), "utf8");
  expect(page).toMatch(/press\/accepted<\/th><td>virtual<\/td><td><code>6666commit<\/code>/);
  expect(page).toContain("1 of 2 cases is bad now.");
  expect(page).toContain('<li class="fail first-bad" title="2026-11-07 6666commit: fail: it was fail &lt;here&gt;">');
  expect(page).not.toMatch(/(src|href)="https?:/);
});

test("blocked and skipped nights neither begin a regression nor end one", () => {
  const verdicts: readonly Verdict[] = ["pass", "blocked", "fail", "skipped", "fail", "blocked"];
  const regression = regressionOf(cellsOf(verdicts.map((verdict, at) => night(at, `c${at}`, verdict))));
  expect(regression).toMatchObject({ firstBad: { commit: "c2" }, lastGood: { commit: "c0" }, badRuns: 2 });
  expect(regressionOf(cellsOf([night(0, "a", "pass"), night(1, "b", "blocked")]))).toBeUndefined();
});

test("a case that is flaky before it fails is bad from its first flaky night on; flaky alone is no regression", () => {
  const nights = [night(0, "a", "pass"), night(1, "b", "flaky"), night(2, "c", "fail")];
  expect(regressionOf(cellsOf(nights))).toMatchObject({ firstBad: { commit: "b" }, badRuns: 2 });
  expect(regressionOf(cellsOf(nights.slice(0, 2)))).toBeUndefined();
});

test("what never passed has no last good commit, and a commit that passed before is not blamed alone", () => {
  expect(regressionOf(cellsOf([night(0, "a", "fail")]))?.lastGood).toBeUndefined();
  const same = [night(0, "a", "pass"), night(1, "a", "fail")];
  expect(regressionOf(cellsOf(same))?.isSameCommit).toBe(true);
  expect(historyPage(same)).toContain("This commit has passed before");
});

test("the first bad night is after the last good one, and every night between told nothing", () => {
  const verdict = fc.constantFrom<Verdict>("pass", "fail", "flaky", "blocked", "skipped");
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1, maxLength: 30 }), (verdicts) => {
      const nights = verdicts.map((each, at) => night(at, `c${at}`, each));
      const regression = regressionOf(cellsOf(nights));
      if (regression === undefined) {
        const lastPass = verdicts.lastIndexOf("pass");
        expect(verdicts.slice(lastPass + 1)).not.toContain("fail");
        return;
      }
      const first = nights.findIndex(({ commit }) => commit === regression.firstBad.commit);
      const good = nights.findIndex(({ commit }) => commit === regression.lastGood?.commit);
      expect(good).toBeLessThan(first);
      expect(verdicts.slice(first)).not.toContain("pass");
      for (const between of verdicts.slice(good + 1, first)) expect(["blocked", "skipped"]).toContain(between);
    }),
  );
});

test("a last night that told nothing is no good news", () => {
  const blocked = { ...night(1, "b", "blocked"), verdict: "blocked", trouble: "no hub" } as const;
  const page = historyPage([night(0, "a", "pass"), blocked]);
  expect(page).toContain('<p class="answer no">');
  expect(page).toContain("No case is bad, but the last run was blocked. no hub");
  expect(historyPage([night(0, "a", "pass")])).toContain('<p class="answer yes">');
});

test("boards have trends of their own", () => {
  const nights = [
    run(0, "a", [record("boot/starts", "pass", 1)]),
    run(1, "b", [record("boot/starts", "fail", 1)], "puck-js"),
  ];
  const trends = trendsOf(nights.map(nightOf));
  expect(trends.map(({ board, passPercent }) => [board, passPercent])).toEqual([
    ["puck-js", 0],
    ["virtual", 100],
  ]);
});

test("history and page stay bounded, and half a line costs that line only", () => {
  const folder = temporary();
  const path = join(folder, historyName);
  const lines = Array.from({ length: mostNights + 5 }, (_, number) =>
    JSON.stringify(night(number, `c${number}`, "pass")),
  );
  appendFileSync(path, `${lines.join("\n")}\n{"run": "half\n`);
  addToHistory(folder, run(mostNights + 5, "last", [record("press/accepted", "pass", 1)]));
  const nights = readNights(path);
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(mostNights);
  expect(nights).toHaveLength(mostNights - 1);
  expect(nights.at(-1)?.commit).toBe("last");
  const strip = /<ol class="strip">(.*?)<\/ol>/s.exec(readFileSync(join(folder, pageName), "utf8"))?.[1] ?? "";
  expect(strip.match(/<li /g)).toHaveLength(mostShown);
});
