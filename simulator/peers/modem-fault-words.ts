/** The faults of a modem's stand-in by name, for whoever plants them by hand: one line, one fault. */
import type { ModemPeer } from "./modem.ts";
import { noFaults } from "./modem-options.ts";

/** What the network behind the modem can be told. */
export interface NetworkSwitch {
  register(isRegistered: boolean): void;
  carry(carries: boolean): void;
}

interface FaultWord {
  readonly word: string;
  /** What stands behind the word. */
  readonly takes: string;
  readonly about: string;
  /** False where what stands behind the word is wrong. */
  readonly plant: (modem: ModemPeer, network: NetworkSwitch, fields: readonly string[]) => boolean;
}

const mostAtOnce = 1_000;
/** A text message that nobody has sent: news that fits every dialect and means nothing to a connection. */
const anyNews = '+CMTI: "SM",9';

/** All of them, in the order of the help. */
export const faultWords: readonly FaultWord[] = [
  { word: "ok", takes: "", about: "all is well again", plant: (modem, network) => heal(modem, network) },
  {
    word: "silent",
    takes: "",
    about: "it hears nothing and says nothing",
    plant: (modem) => {
      modem.faults.silent = true;
      return true;
    },
  },
  {
    word: "reset",
    takes: "",
    about: "it starts anew in the middle of whatever it does",
    plant: (modem) => {
      modem.restart();
      return true;
    },
  },
  {
    word: "no-data",
    takes: "",
    about: "registered, with a context, and nothing passes",
    plant: (_modem, network) => {
      network.carry(false);
      return true;
    },
  },
  {
    word: "deregister",
    takes: "",
    about: "the network is lost and not found again",
    plant: (_modem, network) => {
      network.register(false);
      return true;
    },
  },
  {
    word: "slow",
    takes: "MS",
    about: "so much is added to each answer's time",
    plant: (modem, _network, [ms]) => counted(ms, 600_000, (value) => (modem.faults.slowMs = value)),
  },
  {
    word: "pieces",
    takes: "BYTES",
    about: "it says everything in pieces of so many bytes, 20 ms apart",
    plant: (modem, _network, [bytes]) =>
      counted(bytes, 1_500, (value) => {
        modem.faults.pieceBytes = value;
        modem.faults.pieceGapMs = 20;
      }),
  },
  {
    word: "refuse",
    takes: "COMMAND [CODE]",
    about: "the next such command gets ERROR, or +CME ERROR: CODE",
    plant: (modem, _network, [name, code]) => refuse(modem, name, code),
  },
  {
    word: "no-prompt",
    takes: "[COUNT]",
    about: "the next prompts are not said",
    plant: (modem, _network, [count]) =>
      counted(count ?? "1", mostAtOnce, (value) => (modem.faults.lostPrompts = value)),
  },
  {
    word: "full-buffer",
    takes: "[COUNT]",
    about: "the next datagrams or pieces of connections meet a full buffer",
    plant: (modem, _network, [count]) =>
      counted(count ?? "1", mostAtOnce, (value) => (modem.faults.sendFailures = value)),
  },
  {
    word: "wrong-length",
    takes: "BYTES [COUNT]",
    about: "the next read answers tell so many bytes more, or with a minus fewer, than they hold",
    plant: (modem, _network, [by, count]) => wrongLength(modem, by, count),
  },
  {
    word: "news-in-data",
    takes: "[COUNT]",
    about: "news stands in the middle of the data of the next read answers",
    plant: (modem, _network, [count]) =>
      counted(count ?? "1", mostAtOnce, (value) => (modem.faults.newsInData = { line: anyNews, count: value })),
  },
  {
    word: "news-between",
    takes: "[COUNT]",
    about: "news stands between the next commands and their answers",
    plant: (modem, _network, [count]) =>
      counted(count ?? "1", mostAtOnce, (value) => (modem.faults.newsBetween = { line: anyNews, count: value })),
  },
  {
    word: "late-answer",
    takes: "[COUNT]",
    about: "the next answers come only behind the command that follows",
    plant: (modem, _network, [count]) =>
      counted(count ?? "1", mostAtOnce, (value) => (modem.faults.lateAnswers = value)),
  },
];

/** Plants what the line says; answers what is wrong with it, undefined where nothing is. */
export function plantFault(line: string, modem: ModemPeer, network: NetworkSwitch): string | undefined {
  const [word, ...fields] = line.trim().split(/\s+/);
  const found = faultWords.find((one) => one.word === word);
  if (found === undefined) return `no such fault: ${word}`;
  return found.plant(modem, network, fields) ? undefined : `${found.word} ${found.takes}`;
}

function heal(modem: ModemPeer, network: NetworkSwitch): boolean {
  Object.assign(modem.faults, noFaults());
  network.carry(true);
  network.register(true);
  return true;
}

function counted(text: string | undefined, most: number, take: (value: number) => void): boolean {
  const value = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || value > most) return false;
  take(value);
  return true;
}

function refuse(modem: ModemPeer, name: string | undefined, code: string | undefined): boolean {
  if (name === undefined || modem.faults.refusals.length >= 64) return false;
  return counted(code ?? "0", 999, (value) => {
    modem.faults.refusals.push({ name: name.toUpperCase(), code: code === undefined ? -1 : value, count: 1 });
  });
}

function wrongLength(modem: ModemPeer, by: string | undefined, count: string | undefined): boolean {
  if (by === undefined || !/^-?\d{1,4}$/.test(by)) return false;
  return counted(count ?? "1", mostAtOnce, (value) => {
    modem.faults.wrongLengths = { by: Number(by), count: value };
  });
}
