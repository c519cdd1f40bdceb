import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "../sip/telephone-event.ts";
import { anyPresses, type EventPacket, packetsOfPress } from "./arbitraries.ts";
import { KeyHearing, lateLimitTicks } from "./key-hearing.ts";

function heard(packets: readonly EventPacket[], hearing: KeyHearing = new KeyHearing()): string {
  let keys = "";
  for (const { event, timestamp, isMarked } of packets) keys += hearing.take(event, timestamp, isMarked) ?? "";
  return keys;
}

const named = (keys: readonly number[]): string => keys.map((key) => keyOf(key)).join("");

test("each press is told once, over the turn of the timestamp too", () => {
  fc.assert(
    fc.property(anyPresses, ({ keys, presses }) => {
      expect(heard(presses.flat())).toBe(named(keys));
    }),
  );
  expect(heard([...packetsOfPress(4, 0xffff_ff00, 2), ...packetsOfPress(4, 0x1000, 2)])).toBe("44");
});

test("a press is told as soon as anything of it comes, whatever else of it is lost or doubled", () => {
  const kept = fc.infiniteStream(fc.integer({ min: 0, max: 2 }));
  fc.assert(
    fc.property(anyPresses, fc.nat(), kept, ({ keys, presses }, chosen, copies) => {
      const packets = presses.flatMap((press) => {
        // Its mark or its end always comes, else two presses of one key cannot be told apart.
        const sure = chosen % 2 === 0 ? 0 : press.length - 1;
        return press.flatMap((packet, at) => {
          const count = Math.max(copies.next().value, at === sure ? 1 : 0);
          return Array.from({ length: count }, () => packet);
        });
      });
      expect(heard(packets)).toBe(named(keys));
    }),
  );
});

test("different keys are told apart by any one packet of each", () => {
  const middle = [4, 7, 8, 1, 3, 0].map((key, at) => packetsOfPress(key, at * 1000, 4)[2] as EventPacket);
  expect(heard(middle)).toBe("478130");
});

test("a late packet of an earlier press is not a press", () => {
  const first = packetsOfPress(1, 1000, 3);
  const second = packetsOfPress(2, 5000, 3);
  expect(heard([...first.slice(0, 3), ...second, ...first])).toBe("12");
  const edge = packetsOfPress(3, 5000 - lateLimitTicks, 1)[0] as EventPacket;
  expect(heard([...second, edge])).toBe("2");
});

test("a sender that counts anew from far below is heard", () => {
  const before = packetsOfPress(2, lateLimitTicks + 5001, 1);
  expect(heard([...before, ...packetsOfPress(3, 5000, 1)])).toBe("23");
});

test("RFC 4733 2.5.1.3: a key held for longer than the duration can count is one press", () => {
  const [first] = packetsOfPress(9, 0, 1) as [EventPacket];
  const held: EventPacket[] = [first];
  for (let segment = 1; segment <= 3; segment++) {
    const event = { ...first.event, durationTicks: 400, isEnd: segment === 3 };
    held.push({ event, timestamp: segment * 65535, isMarked: false });
  }
  expect(heard(held)).toBe("9");
  expect(heard([...held, ...packetsOfPress(9, 4 * 65535, 1)])).toBe("99");
});

test("a sender that moves the timestamp with each packet of a press is still heard once", () => {
  const moving = packetsOfPress(7, 0, 5).map((packet, at) => ({ ...packet, timestamp: at * 160 }));
  expect(heard(moving.slice(0, 6))).toBe("7");
});

test("events that are no keys are passed over", () => {
  expect(heard([...packetsOfPress(12, 0, 2), ...packetsOfPress(16, 5000, 2), ...packetsOfPress(11, 9000, 2)])).toBe(
    "#",
  );
});

test("after forget() the same press counts again", () => {
  const hearing = new KeyHearing();
  const press = packetsOfPress(5, 1000, 1);
  expect(heard(press, hearing)).toBe("5");
  expect(heard(press, hearing)).toBe("");
  hearing.forget();
  expect(heard(press, hearing)).toBe("5");
});
