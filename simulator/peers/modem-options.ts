/** What a modem's stand-in is given, and what can be made to go wrong in it. */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Bearer } from "../network/bearer.ts";
import type { ModemPeer } from "./modem.ts";
import type { ModemFile } from "./modem-files.ts";
import type { CommandTable, Span } from "./modem-line.ts";

export interface ModemHost {
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  below(n: number): number;
}

/** A part of a modem beside network and sockets: its telephone, its text messages. */
export interface ModemPart {
  /** Looked up before all others; a command here answers each of its forms itself, the test form too. */
  readonly commands: CommandTable;
  /** The modem has started, with none of its settings kept. */
  start(): void;
  /** It restarts, or has lost its power; what waits in ModemPeer.after() is void. */
  stop(): void;
}

export interface ModemPeerOptions {
  readonly bearer: Bearer;
  /** How long an answer takes; 20 to 300 ms where absent. */
  readonly answerMs?: Span;
  /** From power or reset to RDY; 2 to 5 s where absent. */
  readonly bootMs?: Span;
  /** From the start of a search until the bearer's own state is seen; 0.2 to 1.5 s where absent. */
  readonly searchMs?: Span;
  /** The PIN the SIM asks for; absent or "": none. */
  readonly pin?: string;
  readonly sim?: "present" | "absent";
  readonly model?: string;
  /** Certificates that somebody put into it before. */
  readonly files?: readonly ModemFile[];
  /** Built with the modem, whose `tell`, `add`, `finish`, `end`, `prompt` and `after` they use. */
  readonly parts?: readonly ((modem: ModemPeer) => ModemPart)[];
  /** Whether it has power from the start; true where absent. */
  readonly powered?: boolean;
}

/** What goes wrong in it; each may be changed at any time. */
export interface ModemFaults {
  /** Hears nothing and says nothing. */
  silent: boolean;
  /** Added to each answer's time. */
  slowMs: number;
  /** The next `count` commands of this name are refused, with +CME ERROR `code` where that is 0 or more. */
  refusals: { name: string; code: number; count: number }[];
  /** So many prompts are not said. */
  lostPrompts: number;
  /** So many datagrams, or pieces of a connection, meet a full buffer. */
  sendFailures: number;
  /** Says everything in pieces of so many bytes, with so much time before each; 0: in one. */
  pieceBytes: number;
  pieceGapMs: number;
  /** This line stands before the next `count` answers, although a command is running. */
  newsBetween: { line: string; count: number };
  /** This line stands in the middle of the data of the next `count` read answers. */
  newsInData: { line: string; count: number };
  /** The next `count` read answers tell so many bytes more than there are, or fewer. */
  wrongLengths: { by: number; count: number };
  /** So many answers come only behind the next command line. */
  lateAnswers: number;
}

export function noFaults(): ModemFaults {
  return {
    silent: false,
    slowMs: 0,
    refusals: [],
    lostPrompts: 0,
    sendFailures: 0,
    pieceBytes: 0,
    pieceGapMs: 0,
    newsBetween: { line: "", count: 0 },
    newsInData: { line: "", count: 0 },
    wrongLengths: { by: 0, count: 0 },
    lateAnswers: 0,
  };
}
