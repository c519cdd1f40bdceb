/** A unit that looks at itself and at its ways out, and says what it finds. */
import assert from "node:assert/strict";
import { checksOf, pathsOf } from "../../tools/provision/unit-watch.ts";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

export const selfTestCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "self-test",
    name: "sound",
    proves: "a sound unit finds nothing wrong with any of its parts",
    needs: [],
    start: "online",
    run: async ({ unit }, { note }) => {
      const found = await unit.withLink(checksOf);
      note(found.map(({ part, result }) => `${part} ${result}`).join(", "));
      assert.deepEqual(
        found.filter(({ result }) => result === "failed").map(({ part, code }) => `${part} E${code}`),
        [],
      );
      assert.ok(found.some(({ result }) => result === "passed"));
    },
  }),
  unitCase({
    suite: "self-test",
    name: "paths",
    proves: "a path test reaches each receiver over each way that the unit is set up with",
    needs: ["receiver", "second-receiver"],
    start: "online",
    run: async ({ unit }) => {
      const found = await unit.withLink((link) => pathsOf(link, 2));
      assert.deepEqual(
        found.map(({ route, receiver, result }) => `${route} ${receiver} ${result}`),
        ["broadband 1 accepted", "broadband 2 accepted"],
      );
    },
  }),
  unitCase({
    suite: "self-test",
    name: "deaf-receiver",
    proves: "a path test names the receiver that does not answer, and no other",
    needs: ["receiver", "second-receiver"],
    start: "online",
    isNightly: true,
    run: async (subject) => {
      await subject.receiver(2).setMode("refuse-connect");
      const found = await subject.unit.withLink((link) => pathsOf(link, 2));
      const accepted = found.filter(({ result }) => result === "accepted").map(({ receiver }) => receiver);
      assert.deepEqual(accepted, [1]);
      assert.equal(found.length, 2);
    },
  }),
];
