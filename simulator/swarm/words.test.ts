import { expect, test } from "vitest";
import { z } from "zod";
import { anyFault } from "../scenario/schema-faults.ts";
import { timelineStep } from "../scenario/schema-timeline.ts";
import { drawStory } from "./draw-story.ts";
import { faultWords } from "./fault-words.ts";
import { stepWords } from "./step-words.ts";

/** The objects of a union, however deep. */
function objectsOf(schema: z.ZodType): readonly z.ZodObject[] {
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).flatMap(objectsOf);
  if (schema instanceof z.ZodObject) return [schema];
  throw new Error("words: neither an object nor several");
}

function wordsOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  throw new Error("words: a fault without a list of words");
}

/** What says when and how much; the key that is left names the object. */
const measures = ["from", "to", "every", "on", "share", "delay", "loss", "clock", "over", "generation", "fault"];
const harms = ["messages-per-second", "per-day", "off-for", "torn", "ppm", "cells", "silently"];

test("every kind of fault of the schema has a generator, and no other has", () => {
  const kinds = objectsOf(anyFault).flatMap((object) => {
    const names = Object.keys(object.shape).filter((key) => !measures.includes(key) && !harms.includes(key));
    expect(names).toHaveLength(1);
    return wordsOf(object.shape["fault"]).map((word) => `${names[0]} ${word}`);
  });
  expect([...faultWords.keys()].sort()).toEqual([...new Set(kinds)].sort());
});

test("every step of the schema's timeline has a generator, and no other has", () => {
  const steps = objectsOf(timelineStep).map((object) => {
    const own = Object.keys(object.shape).filter(
      (key) => !["at", "unit", "button", "held", "happens", "taken-back-after", "in", "for"].includes(key),
    );
    expect(own).toHaveLength(1);
    return own[0];
  });
  expect([...stepWords.keys()].sort()).toEqual(steps.sort());
});

test("four hundred seeds draw every kind of fault and every step", () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const { file } = drawStory(seed);
    for (const fault of file.faults ?? []) for (const key of Object.keys(fault)) seen.add(`${key} ${fault.fault}`);
    for (const step of file.timeline ?? []) for (const key of Object.keys(step)) seen.add(key);
  }
  expect([...faultWords.keys(), ...stepWords.keys()].filter((word) => !seen.has(word))).toEqual([]);
});
