import { expect, test } from "vitest";
import { argumentsOf, type CommandTable, done, handlersOf } from "./modem-line.ts";

test("of two tables with one command the first counts, and only a part answers a test form itself", () => {
  const table = (result: number, ...names: string[]): CommandTable =>
    new Map(names.map((name) => [name, () => result]));
  const handlers = handlersOf([table(1, "+A"), table(2, "+A", "+B")], [table(3, "+B", "+C"), table(4, "+C")]);
  const of = (name: string) => {
    const handler = handlers.get(name);
    return [handler?.run({ name, form: "run", text: "" }) ?? done, handler?.takesTests];
  };
  expect([of("+A"), of("+B"), of("+C"), of("+D")]).toEqual([
    [1, true],
    [2, true],
    [3, false],
    [done, undefined],
  ]);
});

test("fields stand between commas outside quotes, with their quotes taken off", () => {
  expect(argumentsOf('1,"a,b",,x"y"z,')).toEqual(["1", "a,b", "", "xyz", ""]);
  expect(argumentsOf("")).toEqual([""]);
  expect(argumentsOf('"open,1')).toEqual(["open,1"]);
});
