import { expect, test } from "vitest";
import { encodeSms, lengthForModem } from "../../protocol/at/sms-pdu.ts";
import { listLimit, sendLimit, settleLimit, toReadLimit } from "./messages-state.ts";
import { MessagesPlay } from "./test-messages.ts";

const far = "+46701234567";

/** A received message as a modem tells it. */
function pdu(text: string): { hex: string; length: number } {
  const bytes = encodeSms({ kind: "deliver", center: "+46700000000", from: far, sentMs: 0, text, part: undefined });
  if (!bytes.ok) throw new Error("not written");
  return { hex: Buffer.from(bytes.value).toString("hex").toUpperCase(), length: lengthForModem(bytes.value) };
}

test("settling chooses PDU mode, the first memory there is, and news of what is stored; then what is stored is listed", () => {
  const play = new MessagesPlay();
  play.begin();
  expect(play.take()).toBe("pdu-mode");
  play.answer(true);
  expect(play.take()).toBe("SM");
  play.answer(false, 302);
  expect(play.take()).toBe("ME");
  play.answer(true);
  expect(play.take()).toBe("tell-stored");
  play.answer(true);
  expect(play.take()).toBe("list");
  play.answer(true);
  expect(play.take()).toBeUndefined();
});

test("a SIM that is still busy is asked again, with growing waits, six times; then at the next order", () => {
  const play = new MessagesPlay();
  play.begin();
  let tries = 0;
  for (let passed = 0; passed < 3_600_000; passed += 1_000) {
    if (play.take() !== undefined) {
      play.answer(false);
      tries++;
    }
    play.pass(1_000);
  }
  expect(tries).toBe(settleLimit);
  play.order(1);
  expect(play.take()).toBe("pdu-mode");
});

test("memories that are all refused are asked again, and in the end the modem keeps its own", () => {
  const play = new MessagesPlay();
  play.begin();
  const asked: string[] = [];
  for (let i = 0; i < 200; i++) {
    const work = play.take();
    if (work !== undefined) asked.push(work);
    if (work !== undefined) play.answer(work !== "SM" && work !== "ME");
    play.pass(5_000);
  }
  expect(asked.filter((work) => work === "ME")).toHaveLength(settleLimit);
  expect(play.state.at).toBe("ready");
});

test("an order goes before what is to be read, and that before what is to be deleted", () => {
  const play = new MessagesPlay();
  play.settle();
  play.hear('+CMTI: "SM",3');
  play.order(7);
  expect(play.take()).toBe("send 7");
  play.answer(true);
  expect(play.take()).toBe("read 3");
  const { hex, length } = pdu("Tack");
  play.hear("+CMGR: 0,," + length);
  play.hear(hex);
  play.answer(true);
  expect(play.told).toEqual(["sent 7", "Tack"]);
  expect(play.take()).toBe("delete 3");
  play.answer(true);
  expect(play.take()).toBe("list");
});

test("all that is stored is told once and deleted, our own kept messages untold", () => {
  const play = new MessagesPlay();
  play.begin();
  for (let i = 0; i < 3; i++) {
    play.take();
    play.answer(true);
  }
  expect(play.take()).toBe("list");
  const one = pdu("ett");
  const two = pdu("två");
  play.hear("+CMGL: 1,1,," + one.length);
  play.hear(one.hex);
  play.hear('+CMTI: "SM",9');
  play.hear("+CMGL: 4,0,," + two.length);
  play.hear(two.hex);
  play.hear("+CMGL: 6,2,," + two.length);
  play.hear(two.hex);
  play.answer(true);
  expect(play.told).toEqual(["ett", "två"]);
  expect(play.take()).toBe("read 9");
  play.answer(false, 321);
  expect(play.take()).toBe("read 9");
  play.answer(false, 321);
  for (const index of [1, 4, 6, 9]) {
    expect(play.take()).toBe("delete " + index);
    play.answer(true);
  }
  expect(play.take()).toBeUndefined();
});

test("a message that the line has damaged is read once more before it is deleted", () => {
  const play = new MessagesPlay();
  play.settle();
  const { hex, length } = pdu("Tack");
  play.hear('+CMTI: "SM",3');
  play.take();
  play.hear("+CMGR: 0,," + (length + 1));
  play.hear(hex);
  play.answer(false);
  expect(play.told).toEqual([]);
  expect(play.take()).toBe("read 3");
  play.hear("+CMGR: 1,," + length);
  play.hear(hex);
  play.answer(true);
  expect(play.told).toEqual(["Tack"]);
  expect(play.take()).toBe("delete 3");
});

test("a damaged line of a list is read by itself", () => {
  const play = new MessagesPlay();
  play.begin();
  for (let i = 0; i < 4; i++) {
    if (i < 3) play.take();
    if (i < 3) play.answer(true);
  }
  play.take();
  const { hex, length } = pdu("Tack");
  play.hear("+CMGL: 2,0,," + length);
  play.hear("0" + hex.substring(1, 9));
  play.answer(true);
  expect(play.told).toEqual([]);
  expect(play.take()).toBe("read 2");
});

test("a message told directly is heard, a delivery report is passed over, and news in their place stays news", () => {
  const play = new MessagesPlay();
  play.settle();
  const { hex, length } = pdu("direkt");
  play.hear("+CMT: ," + length);
  play.hear(hex);
  play.hear("+CDS: " + length);
  play.hear(hex);
  play.hear("+CMT: ," + length);
  play.hear('+CMTI: "SM",5');
  expect(play.told).toEqual(["direkt"]);
  expect(play.take()).toBe("read 5");
});

test("a place that is told anew is read before it is deleted", () => {
  const play = new MessagesPlay();
  play.settle();
  const { hex, length } = pdu("ett");
  play.hear('+CMTI: "SM",3');
  play.take();
  play.hear("+CMGR: 0,," + length);
  play.hear(hex);
  play.answer(true);
  play.hear('+CMTI: "SM",3');
  expect(play.take()).toBe("read 3");
});

test("a place whose news finds no room is not deleted before it was listed", () => {
  const play = new MessagesPlay();
  play.settle();
  const { hex, length } = pdu("ett");
  play.hear('+CMTI: "SM",3');
  play.take();
  play.hear("+CMGR: 0,," + length);
  play.hear(hex);
  play.answer(true);
  for (let index = 10; index < 10 + toReadLimit; index++) play.hear('+CMTI: "SM",' + index);
  play.hear('+CMTI: "SM",3');
  expect(play.state.toDelete).toEqual([]);
  expect(play.state.mustList).toBe(true);
});

test("what was told of the memory of one line is forgotten with that line", () => {
  const play = new MessagesPlay();
  play.settle();
  play.hear('+CMTI: "SM",3');
  play.feed({ type: "ended", nowMs: play.nowMs });
  play.begin();
  const said: string[] = [];
  for (let work = play.take(); work !== undefined; work = play.take()) {
    said.push(work);
    play.answer(true);
  }
  expect(said).toEqual(["pdu-mode", "SM", "tell-stored", "list"]);
});

test("a passing refusal is tried again after 10 and 20 s, one for good is not", () => {
  const play = new MessagesPlay();
  play.settle();
  play.order(1);
  const tried: number[] = [];
  for (let passed = 0; passed < 120_000; passed += 1_000) {
    const work = play.take();
    if (work === "send 1") tried.push(play.nowMs);
    if (work !== undefined) play.answer(work !== "send 1", 500);
    play.pass(1_000);
  }
  expect(tried).toEqual([0, 10_000, 30_000]);
  expect(tried).toHaveLength(sendLimit);
  expect(play.told).toEqual(["in-vain 1"]);
  play.order(2);
  play.take();
  play.answer(false, 8);
  expect(play.told).toEqual(["in-vain 1", "refused 2"]);
});

test("four orders wait, a fifth is refused at once; one that is called off is not sent", () => {
  const play = new MessagesPlay();
  for (let id = 1; id <= 5; id++) play.order(id);
  expect(play.told).toEqual(["in-vain 5"]);
  play.feed({ type: "cancelled", nowMs: play.nowMs, id: 1 });
  play.settle();
  expect(play.state.outbox.map(({ order }) => order.id)).not.toContain(1);
});

test("an order whose time is over is told so, but not while it is on the line", () => {
  const play = new MessagesPlay();
  play.settle();
  play.order(1, 5_000);
  play.order(2, 5_000);
  expect(play.take()).toBe("send 1");
  play.pass(6_000);
  expect(play.told).toEqual(["in-vain 2"]);
  play.answer(true);
  expect(play.told).toEqual(["in-vain 2", "sent 1"]);
});

test("a line that goes in the middle of a sending leaves the order for the next line", () => {
  const play = new MessagesPlay();
  play.settle();
  play.order(1);
  play.take();
  play.feed({ type: "ended", nowMs: play.nowMs });
  expect(play.take()).toBeUndefined();
  play.pass(20_000);
  play.begin();
  const said: string[] = [];
  for (let work = play.take(); work !== undefined && said.length < 9; work = play.take()) {
    said.push(work);
    play.answer(true);
  }
  expect(said).toContain("send 1");
  expect(play.told).toEqual(["sent 1"]);
});

test("more news than places make a list, and lists that mend nothing end", () => {
  const play = new MessagesPlay();
  play.settle();
  for (let index = 0; index < 20; index++) play.hear('+CMTI: "SM",' + index);
  expect(play.state.toRead).toHaveLength(toReadLimit);
  let lists = 0;
  for (let i = 0; i < 5_000; i++) {
    const work = play.take();
    if (work === undefined) break;
    if (work === "list") {
      lists++;
      // A memory from which nothing can be deleted.
      for (let index = 0; index < 40; index++) {
        play.hear("+CMGL: " + index + ",2,,4");
        play.hear("00000000");
      }
    }
    play.answer(work === "list");
  }
  expect(lists).toBeGreaterThan(0);
  expect(lists).toBeLessThanOrEqual(listLimit + 1);
  expect(play.take()).toBeUndefined();
});
