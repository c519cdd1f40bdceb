import fc from "fast-check";
import { expect, test } from "vitest";
import type { Service } from "../ports/names.ts";
import { inOrder, serviceLimit } from "./service-order.ts";

const anyService = fc.record({
  priority: fc.nat(3),
  weight: fc.nat(5),
  port: fc.integer({ min: 1, max: 65_535 }),
  host: fc.constantFrom("a.example.net", "b.example.net"),
});

function service(host: string, priority: number, weight: number): Service {
  return { host, priority, weight, port: 5060 };
}

test("every server comes once, the lowest priority first", () => {
  fc.assert(
    fc.property(fc.array(anyService, { maxLength: serviceLimit }), fc.integer({ min: 1 }), (services, dice) => {
      const ordered = inOrder(services, { dice });
      expect(ordered).toHaveLength(services.length);
      for (const each of services) expect(ordered).toContain(each);
      expect(ordered.map(({ priority }) => priority)).toEqual(services.map(({ priority }) => priority).sort());
    }),
  );
});

test("RFC 2782: among equals a server comes first as often as its weight says, and one of weight 0 seldom", () => {
  const services = [service("none", 1, 0), service("much", 1, 60), service("some", 1, 20), service("later", 2, 100)];
  const dice = { dice: 77 };
  const firsts: Record<string, number> = {};
  for (let i = 0; i < 8_000; i++) {
    const first = inOrder(services, dice)[0] as Service;
    firsts[first.host] = (firsts[first.host] ?? 0) + 1;
  }
  expect(firsts["much"]).toBeGreaterThan(5_500);
  expect(firsts["much"]).toBeLessThan(6_300);
  expect(firsts["some"]).toBeGreaterThan(1_700);
  expect(firsts["none"]).toBeGreaterThan(40);
  expect(firsts["none"]).toBeLessThan(200);
  expect(firsts["later"]).toBeUndefined();
});

test("a service that is not to be had there is none, and beyond the limit servers are passed over", () => {
  expect(inOrder([service(".", 0, 0)], { dice: 1 })).toEqual([]);
  const many = Array.from({ length: serviceLimit + 3 }, (_, i) => service(`s${i}`, i, 0));
  expect(inOrder(many, { dice: 1 }).map(({ host }) => host)).toEqual(
    many.slice(0, serviceLimit).map(({ host }) => host),
  );
});
