/** The driver against a modem that goes wrong: each fault is met for certain, and afterwards everything flows again. */
import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import { far, ModemBench } from "./modem-bench.ts";
import { StreamUser } from "./modem-stream-bench.ts";

const models: readonly string[] = ["EG95", "SIMCOM_SIM7600E", "SARA-R410M-02B", "SARA-R510S"];

interface PlantedFault {
  readonly name: string;
  readonly plant: (bench: ModemBench) => void;
  /** Whether it has happened by now. */
  readonly isMet: (bench: ModemBench) => boolean;
  readonly heal?: (bench: ModemBench) => void;
}

const news = "+CREG: 1";
const commandsOfData: Readonly<Record<string, readonly string[]>> = {
  EG95: ["+QISEND", "+QIRD", "+QIOPEN", "+QICLOSE"],
  SIMCOM_SIM7600E: ["+CIPSEND", "+CIPRXGET", "+CIPOPEN", "+CIPCLOSE"],
  "SARA-R410M-02B": ["+USOST", "+USORF", "+USOWR", "+USORD", "+USOCR", "+USOCO"],
  "SARA-R510S": ["+USOST", "+USORF", "+USOWR", "+USORD", "+USOCR", "+USOCO"],
};

/** A fault that lasts until it is healed. */
function lasting(name: string, plant: (bench: ModemBench) => void, heal: (bench: ModemBench) => void): PlantedFault {
  return { name, plant, isMet: () => true, heal };
}

const faults: readonly PlantedFault[] = [
  lasting(
    "slow answers",
    ({ peer }) => {
      peer.faults.slowMs = 3_000;
    },
    ({ peer }) => {
      peer.faults.slowMs = 0;
    },
  ),
  lasting(
    "answers in pieces",
    ({ peer }) => {
      peer.faults.pieceBytes = 3;
      peer.faults.pieceGapMs = 15;
    },
    ({ peer }) => {
      peer.faults.pieceBytes = 0;
    },
  ),
  lasting(
    "a silent modem",
    ({ peer }) => {
      peer.faults.silent = true;
    },
    ({ peer }) => {
      peer.faults.silent = false;
    },
  ),
  lasting(
    "a registration that is stuck",
    ({ bearer }) => bearer.change({ registered: "searching" }),
    ({ bearer }) => bearer.change({ registered: "home" }),
  ),
  lasting(
    "a network that denies the modem",
    ({ bearer }) => bearer.change({ registered: "denied" }),
    ({ bearer }) => bearer.change({ registered: "home" }),
  ),
  lasting(
    "a bearer that takes the session and drops everything",
    ({ bearer }) => {
      bearer.swallows = true;
      bearer.receive = undefined;
      for (const stream of bearer.streams) stream.isCut = true;
    },
    ({ bearer, modem }) => {
      bearer.swallows = false;
      modem.recover("reattach");
    },
  ),
  {
    name: "a reset in the middle of an answer",
    plant: (bench) => {
      bench.socket.send(ascii("cut short"), far);
      bench.runFor(120);
      bench.peer.restart();
    },
    isMet: () => true,
  },
  {
    name: "refused commands of the data half",
    plant: ({ peer }) => {
      for (const name of Object.values(commandsOfData).flat()) peer.faults.refusals.push({ name, code: 3, count: 2 });
    },
    isMet: ({ peer }) => peer.faults.refusals.some(({ count }) => count < 2),
    heal: ({ peer }) => {
      peer.faults.refusals.length = 0;
    },
  },
  {
    name: "news between a command and its answer",
    plant: ({ peer }) => {
      peer.faults.newsBetween = { line: news, count: 6 };
    },
    isMet: ({ peer }) => peer.faults.newsBetween.count === 0,
  },
  {
    name: "a read answer that tells one byte too many",
    plant: ({ peer }) => {
      peer.faults.wrongLengths = { by: 1, count: 4 };
    },
    isMet: ({ peer }) => peer.faults.wrongLengths.count === 0,
  },
  {
    name: "a read answer that tells one byte too few",
    plant: ({ peer }) => {
      peer.faults.wrongLengths = { by: -1, count: 4 };
    },
    isMet: ({ peer }) => peer.faults.wrongLengths.count === 0,
  },
  {
    name: "news inside the data of a read answer",
    plant: ({ peer }) => {
      peer.faults.newsInData = { line: news, count: 4 };
    },
    isMet: ({ peer }) => peer.faults.newsInData.count === 0,
  },
  {
    name: "prompts that never come",
    plant: ({ peer }) => {
      peer.faults.lostPrompts = 4;
    },
    isMet: ({ peer }) => peer.faults.lostPrompts === 0,
  },
  {
    name: "buffers that are full",
    plant: ({ peer }) => {
      peer.faults.sendFailures = 3;
    },
    isMet: ({ peer }) => peer.faults.sendFailures === 0,
  },
  {
    name: "the late answer of the command before",
    plant: ({ peer }) => {
      peer.faults.lateAnswers = 4;
    },
    isMet: ({ peer }) => peer.faults.lateAnswers === 0,
  },
];

const pairs = models.flatMap((model) => faults.map((fault) => ({ model, fault, name: fault.name })));

/** Both ways, over socket and connection, whatever becomes of it. */
function busy(bench: ModemBench, user: StreamUser, forMs: number): void {
  const probe = ascii("a datagram or a piece of a connection");
  for (let at = 0; at < forMs; at += 2_000) {
    bench.socket.send(probe, far);
    bench.bearer.receive?.(probe, far, 5060);
    if (user.isReady) {
      user.write(probe);
      user.farEnd?.arrive(probe);
    }
    user.runFor(2_000);
  }
}

test.each(pairs)("$model: after $name datagrams and connections flow again", ({ model, fault }) => {
  const bench = new ModemBench({ peer: { model } });
  const user = new StreamUser(bench);
  bench.runUntilReady(60_000);
  user.runUntilStreaming(60_000);
  fault.plant(bench);
  for (let turn = 0; turn < 12 && (turn < 4 || !fault.isMet(bench)); turn++) busy(bench, user, 10_000);
  expect(fault.isMet(bench)).toBe(true);
  fault.heal?.(bench);
  bench.runUntilCarrying(360_000);
  user.runUntilStreaming(120_000);
  bench.runUntilCarrying(30_000);
});

test.each(models)("%s: news between answers costs no datagram and no connection", (model) => {
  const bench = new ModemBench({ peer: { model } });
  const user = new StreamUser(bench);
  bench.runUntilReady(60_000);
  user.runUntilStreaming(60_000);
  bench.peer.faults.newsBetween = { line: news, count: 50 };
  const sent = bench.bearer.sent.length;
  const heard = bench.heard.length;
  busy(bench, user, 20_000);
  expect(bench.peer.faults.newsBetween.count).toBeLessThan(30);
  expect(bench.bearer.sent.length - sent).toBe(10);
  expect(bench.heard.length - heard).toBe(10);
  expect(user.faults).toEqual([]);
});

test.each(models)("%s: while a bearer drops everything, the modem itself sees nothing wrong", (model) => {
  const bench = new ModemBench({ peer: { model } });
  bench.runUntilReady(60_000);
  bench.bearer.swallows = true;
  const sent = bench.bearer.sent.length;
  for (let turn = 0; turn < 30; turn++) {
    bench.socket.send(ascii("into the void"), far);
    bench.runFor(10_000);
  }
  expect(bench.bearer.sent.length).toBe(sent);
  expect(bench.modem.report.at).toBe("ready");
  expect(bench.faults).toEqual([]);
});
