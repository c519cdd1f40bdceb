/** What becomes of the messages of an alarm, as both ends of the way see it. */
import { expect, test } from "vitest";
import { answerBytes, firstRef, HandMade, questionBytes, secondRef } from "../checkers/checker-bench.ts";
import { unitAddress } from "../network/network.ts";
import { firstTries, JourneyBook, lastTries } from "./journeys.ts";

const { residents, cid } = new HandMade();

/** A unit's order to send a message about its alarm of that number. */
function order(
  book: JourneyBook,
  atMs: number,
  more: { readonly number?: number; readonly route?: string; readonly kind?: string } = {},
): void {
  const { number = 1, route = "broadband", kind = "user-alarm" } = more;
  const attempt = {
    id: atMs,
    number,
    part: 0,
    what: "ME",
    path: { route, receiver: 0 },
    startedMs: atMs,
    carriedMs: -1,
  };
  book.stepped(atMs, 0, "alarm", {}, [{ type: "send", attempt, report: { number, facts: { kind } } }]);
}

/** `call`: one letter, the Call-ID's first. */
const question = (ref: string, call = "c"): Uint8Array => {
  const text = Buffer.from(questionBytes({ ref, mty: "ME", cid, dty: 3, stc: 10 })).toString("latin1");
  return Buffer.from(text.replace("c@10.0.0.1", `${call}@10.0.0.1`), "latin1");
};
const reply = (status: number, call = "c"): Uint8Array =>
  Buffer.from(
    `SIP/2.0 ${status} Any\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKb\r\nFrom: <sip:a@larm.example>;tag=t\r\n` +
      `To: <sip:b@larm.example>;tag=u\r\nCall-ID: ${call}@10.0.0.1\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n`,
  );
/** It comes to the first receiver, which names it `id`. */
function arrives(book: JourneyBook, atMs: number, ref: string, id: number, call = "c"): void {
  book.packet(atMs, 0, "received", question(ref, call), { host: unitAddress("broadband", 0), port: 5060 }, "udp");
  book.receiverSigned(atMs, 0, { type: "heard", id, cid });
}

test("a message is followed from the order over the wire to the receiver, and its two answers back", () => {
  const book = new JourneyBook(residents);
  order(book, 100);
  book.datagram(110, 0, "broadband", "sent", question(firstRef));
  book.datagram(610, 0, "broadband", "sent", question(firstRef));
  arrives(book, 700, firstRef, 1);
  book.datagram(720, 0, "broadband", "received", reply(200));
  book.receiverSigned(800, 0, { type: "answered", id: 1, cid, ref: firstRef, snu: 0 });
  book.datagram(820, 0, "broadband", "received", answerBytes(firstRef, 0, "other"));
  expect(book.rows).toEqual([
    {
      unit: "u",
      stem: firstRef.slice(0, 12),
      beganMs: 100,
      leftOut: 0,
      tries: [
        {
          what: "ME",
          route: "broadband",
          receiver: residents[0]?.group.receivers[0],
          startedMs: 100,
          sentMs: 110,
          packets: 2,
          heardMs: 700,
          carriedMs: 720,
          status: 200,
          repliedMs: 800,
          snu: 0,
          answeredMs: 820,
        },
      ],
    },
  ]);
});

test("an order whose message never leaves stays without one, also where another route's message does", () => {
  const book = new JourneyBook(residents);
  order(book, 100, { route: "mobile" });
  order(book, 200);
  book.datagram(210, 0, "broadband", "sent", question(firstRef));
  expect(book.rows[0]?.tries.map(({ route, sentMs }) => `${route} ${sentMs}`)).toEqual([
    "mobile null",
    "broadband 210",
  ]);
});

test("of many messages under one reference each has the answers to itself, in whatever order they come", () => {
  const book = new JourneyBook(residents);
  for (const [index, call] of ["c", "d"].entries()) {
    order(book, 100 + index);
    book.datagram(110 + index, 0, "broadband", "sent", question(firstRef, call));
    arrives(book, 120 + index, firstRef, index, call);
  }
  const answered = (id: number, ref = firstRef) => ({ type: "answered", id, cid, ref, snu: 0 }) as const;
  book.receiverSigned(200, 0, answered(1));
  book.receiverSigned(205, 0, answered(9, secondRef));
  book.datagram(210, 0, "broadband", "received", answerBytes(firstRef, 0, "other"));
  book.datagram(220, 0, "broadband", "received", reply(200, "d"));
  book.receiverSigned(300, 0, answered(0));
  expect(book.rows[0]?.tries.map(({ heardMs, repliedMs, answeredMs }) => [heardMs, repliedMs, answeredMs])).toEqual([
    [120, 300, null],
    [121, 200, 210],
  ]);
});

test("an order that was given up does not take the message of the next one", () => {
  const book = new JourneyBook(residents);
  order(book, 100);
  book.stepped(150, 0, "alarm", {}, [{ type: "stop", attempt: 100 }]);
  order(book, 200);
  order(book, 300);
  book.stepped(310, 0, "alarm", {}, [{ type: "stop", attempt: 300 }]);
  book.datagram(320, 0, "broadband", "sent", question(firstRef));
  expect(book.rows[0]?.tries.map(({ sentMs }) => sentMs)).toEqual([null, 320, null]);
});

test("a demand for a password is no refusal: the answer to what follows it counts", () => {
  const book = new JourneyBook(residents);
  order(book, 100);
  book.datagram(110, 0, "broadband", "sent", question(firstRef));
  book.datagram(120, 0, "broadband", "received", reply(401));
  book.datagram(130, 0, "broadband", "sent", question(firstRef));
  book.datagram(140, 0, "broadband", "received", reply(200));
  book.datagram(150, 0, "broadband", "received", reply(503));
  expect(book.rows[0]?.tries[0]).toMatchObject({ packets: 2, status: 200, carriedMs: 140 });
});

test("only calls for help are followed, and no more of them than there is room for", () => {
  const book = new JourneyBook(residents, 2);
  order(book, 1, { kind: "technical" });
  for (const number of [1, 2, 3]) order(book, 10 * number, { number });
  order(book, 40, { number: 2 });
  expect(book.rows.map(({ beganMs, tries }) => `${beganMs} ${tries.length}`)).toEqual(["10 1", "20 2"]);
});

test("of very many tries the first and the last stay, and the others are counted", () => {
  const book = new JourneyBook(residents);
  for (let atMs = 0; atMs < 50; atMs++) order(book, atMs);
  const [journey] = book.rows;
  expect(journey?.tries.map(({ startedMs }) => startedMs)).toEqual([0, 1, 2, 3, 47, 48, 49]);
  expect(journey?.leftOut).toBe(50 - firstTries - lastTries);
});

test("after a restart a number that comes again begins a journey of its own", () => {
  const book = new JourneyBook(residents);
  order(book, 1);
  book.started(2, 0);
  order(book, 3);
  expect(book.rows.map(({ beganMs }) => beganMs)).toEqual([1, 3]);
});
