import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Clock } from "../ports/clock.ts";
import type { Stream } from "../ports/stream.ts";
import { Modem } from "./modem.ts";
import { answerTo, TestClock } from "./test-bench.ts";

/** What goes wrong with the next thing it fits; each once. */
type PeerFault =
  /** A read tells one byte less, or more, than it holds. */
  | "short-length"
  | "long-length"
  /** News stands in the middle of the data. */
  | "news-inside"
  | "no-prompt"
  /** The answer comes after its asker has given up. */
  | "late-answer"
  /** Nothing is said for a while. */
  | "silence"
  /** It starts anew, in the middle of a send where one is under way. */
  | "reset"
  /** The news of data is lost. */
  | "lost-news"
  /** The far side ends the connection. */
  | "hang-up"
  | "refusal";

interface Connection {
  heard: string;
  said: string;
  /** A payload was asked for without a prompt. */
  lostPrompt: boolean;
}

const lateMs = 17_000;
const silentMs = 40_000;
const startMs = 3_000;

/**
 * A modem's far end of the line for one connection, in three dialects, with everything that may go wrong on it. What the far side of a
 * connection gets it says back. It knows commands as text, and nothing of the driver.
 */
class TestPeer {
  /** Most bytes it says at once. */
  pieceLimit = 1_000_000;
  /** What the far side has heard on the connection that is open, and on those before it. */
  readonly connections: Connection[] = [];
  /** Whether some fault may have damaged bytes of the connection that is open. */
  isDamaged = false;
  readonly model: string;
  private readonly clock: Clock;
  private readonly say: (bytes: Uint8Array) => void;
  private readonly faults: PeerFault[] = [];
  private text = "";
  private awaits = 0;
  private silentUntilMs = -1;
  private life = 0;
  private isOpen = false;
  private waits = "";
  private toldWaits = false;

  constructor(model: string, clock: Clock, say: (bytes: Uint8Array) => void) {
    this.model = model;
    this.clock = clock;
    this.say = say;
  }

  plant(fault: PeerFault): void {
    if (fault === "silence") this.silentUntilMs = this.clock.nowMs() + silentMs;
    else if (fault === "hang-up") this.hangUp();
    else if (fault === "reset" && this.awaits === 0) this.reset();
    else if (this.faults.length < 8) this.faults.push(fault);
  }

  /** Everything planted that has not happened yet is taken back. */
  heal(): void {
    this.faults.length = 0;
    this.silentUntilMs = -1;
  }

  receive(bytes: Uint8Array): void {
    this.text += textOf(bytes, 0, bytes.length);
    while (this.text !== "") {
      if (this.awaits > 0) {
        if (this.takes("reset")) {
          this.reset();
          return;
        }
        if (this.text.length < this.awaits) return;
        const data = this.text.substring(0, this.awaits);
        this.text = this.text.substring(this.awaits);
        this.awaits = 0;
        this.sent(data);
        continue;
      }
      const end = this.text.indexOf("\r");
      if (end < 0) return;
      const line = this.text.substring(0, end).trim();
      this.text = this.text.substring(end + 1);
      if (line.startsWith("AT")) this.command(line);
    }
  }

  private command(line: string): void {
    const send = /SEND=0,(\d+)$|USOWR=0,(\d+)$/.exec(line);
    if (send !== null && this.isOpen) {
      this.awaits = Number(send[1] ?? send[2]);
      const isSilent = this.clock.nowMs() < this.silentUntilMs;
      if (this.takes("no-prompt") || isSilent)
        (this.connections[this.connections.length - 1] as Connection).lostPrompt = true;
      else this.tell(line.includes("USOWR") ? "\r\n@" : "\r\n> ");
      return;
    }
    const delayMs = this.takes("late-answer") ? lateMs : 5;
    if (this.takes("refusal")) this.tellLater("\r\nERROR\r\n", delayMs);
    else this.tellLater(this.answerOf(line), delayMs);
  }

  private answerOf(line: string): string {
    const error = "\r\nERROR\r\n";
    if (/CLOSE=0$|USOCL=\d$/.test(line)) {
      const wasOpen = this.isOpen;
      this.isOpen = false;
      if (line.includes("CIPCLOSE")) return wasOpen ? "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n" : error;
      return wasOpen || line.includes("QI") ? "\r\nOK\r\n" : error;
    }
    if (line.startsWith("AT+QIOPEN=")) return `\r\nOK\r\n\r\n+QIOPEN: 0,${this.connect() ? 0 : 563}\r\n`;
    if (line.startsWith("AT+CIPOPEN=")) return `\r\nOK\r\n\r\n+CIPOPEN: 0,${this.connect() ? 0 : 4}\r\n`;
    if (line.startsWith("AT+USOCR=")) return this.isOpen ? error : "\r\n+USOCR: 0\r\n\r\nOK\r\n";
    if (line.startsWith("AT+USOCO=")) return `\r\nOK\r\n\r\n+UUSOCO: 0,${this.connect() ? 0 : 111}\r\n`;
    if (line === "AT+CIPRXGET=4,0")
      return this.isOpen ? `\r\n+CIPRXGET: 4,0,${this.waits.length}\r\n\r\nOK\r\n` : error;
    if (line === "AT+USORD=0,0") return this.isOpen ? `\r\n+USORD: 0,${this.waits.length}\r\n\r\nOK\r\n` : error;
    if (/QIRD=0|RXGET=2|USORD=0/.test(line)) return this.isOpen ? this.read(line) : error;
    return answerTo(`${line}\r`, this.model);
  }

  private read(line: string): string {
    const count = Math.min(this.waits.length, line.startsWith("AT+USORD") ? 1_024 : 1_460);
    this.toldWaits = false;
    if (count === 0) return line.startsWith("AT+QIRD") ? "\r\n+QIRD: 0\r\n\r\nOK\r\n" : "\r\nERROR\r\n";
    let data = this.waits.substring(0, count);
    this.waits = this.waits.substring(count);
    let told = count;
    if (this.takes("short-length")) told--;
    else if (this.takes("long-length")) told++;
    if (this.takes("news-inside")) data = `${data.substring(0, 1)}\r\n+CREG: 1\r\n${data.substring(1)}`;
    if (told !== data.length) this.isDamaged = true;
    if (line.startsWith("AT+USORD")) return `\r\n+USORD: 0,${told},"${data}"\r\n\r\nOK\r\n`;
    const head = line.startsWith("AT+QIRD") ? `+QIRD: ${told}` : `+CIPRXGET: 2,0,${told},${this.waits.length}`;
    return `\r\n${head}\r\n${data}\r\n\r\nOK\r\n`;
  }

  private connect(): boolean {
    if (this.isOpen) return false;
    this.isOpen = true;
    this.isDamaged = false;
    this.waits = "";
    this.toldWaits = false;
    this.connections.push({ heard: "", said: "", lostPrompt: false });
    return true;
  }

  private sent(data: string): void {
    const connection = this.connections[this.connections.length - 1];
    if (connection === undefined || !this.isOpen) {
      this.tellLater("\r\nERROR\r\n", 5);
      return;
    }
    connection.heard += data;
    connection.said += data;
    this.waits += data;
    const delayMs = this.takes("late-answer") ? lateMs : 5;
    if (this.model.startsWith("SIM"))
      this.tellLater(`\r\nOK\r\n\r\n+CIPSEND: 0,${data.length},${data.length}\r\n`, delayMs);
    else if (this.model.startsWith("SARA")) this.tellLater(`\r\n+USOWR: 0,${data.length}\r\n\r\nOK\r\n`, delayMs);
    else this.tellLater("\r\nSEND OK\r\n", delayMs);
    this.clock.after(200, () => this.tellWaits());
  }

  private tellWaits(): void {
    if (!this.isOpen || this.toldWaits || this.waits === "") return;
    this.toldWaits = true;
    if (this.takes("lost-news")) return;
    if (this.model.startsWith("SIM")) this.tell("\r\n+CIPRXGET: 1,0\r\n");
    else if (this.model.startsWith("SARA")) this.tell(`\r\n+UUSORD: 0,${this.waits.length}\r\n`);
    else this.tell('\r\n+QIURC: "recv",0\r\n');
  }

  private hangUp(): void {
    if (!this.isOpen) return;
    if (this.model.startsWith("SIM")) this.tell("\r\n+IPCLOSE: 0,1\r\n");
    else if (this.model.startsWith("SARA")) this.tell("\r\n+UUSOCL: 0\r\n");
    else this.tell('\r\n+QIURC: "closed",0\r\n');
  }

  private reset(): void {
    this.life++;
    this.text = "";
    this.awaits = 0;
    this.isOpen = false;
    this.waits = "";
    this.tellLater(this.model.startsWith("SIM") ? "\r\n*ATREADY: 1\r\n" : "\r\nRDY\r\n", startMs);
  }

  private takes(fault: PeerFault): boolean {
    const at = this.faults.indexOf(fault);
    if (at >= 0) this.faults.splice(at, 1);
    return at >= 0;
  }

  private tellLater(text: string, delayMs: number): void {
    const life = this.life;
    this.clock.after(delayMs, () => {
      if (life === this.life) this.tell(text);
    });
  }

  private tell(text: string): void {
    if (this.clock.nowMs() < this.silentUntilMs) return;
    for (let at = 0; at < text.length; at += this.pieceLimit) this.say(ascii(text.substring(at, at + this.pieceLimit)));
  }
}

/** A user that opens a connection again and again, and says something over it from time to time. */
class Talker {
  readonly clock = new TestClock();
  readonly peer: TestPeer;
  readonly modem: Modem;
  /** Of the connection that is open: its number at the far side, what was written and heard. */
  open: { index: number; written: string; heard: string } | undefined;
  readonly ended: { index: number; written: string; heard: string; isDamaged: boolean }[] = [];
  stream: Stream | undefined;
  private readonly waiting: Uint8Array[] = [];
  private readable: (count: number) => void = () => {};

  constructor(model: string, pieceLimit: number) {
    this.peer = new TestPeer(model, this.clock, (bytes) => {
      this.waiting.push(bytes);
      this.readable(bytes.length);
    });
    this.peer.pieceLimit = pieceLimit;
    this.modem = new Modem({
      openLine: (line) => {
        this.readable = line.onReadable;
        return {
          read: () => this.waiting.shift(),
          write: (bytes) => {
            const copy = new Uint8Array(bytes);
            this.clock.after(1, () => this.peer.receive(copy));
          },
          close: () => {},
        };
      },
      clock: this.clock,
      settings: { apn: "online.example", user: "", password: "", pin: "" },
      onChange: () => {},
      onTime: () => {},
      observe: undefined,
    });
    this.connect();
  }

  write(text: string): void {
    if (this.open === undefined) return;
    this.stream?.write(ascii(text));
    this.open.written += text;
  }

  private connect(): void {
    this.stream = this.modem.openStream({
      to: { host: "192.0.2.9", port: 5060 },
      serverName: undefined,
      onReady: () => {
        this.open = { index: this.peer.connections.length - 1, written: "", heard: "" };
      },
      onReadable: () => {
        const bytes = this.stream?.read();
        if (bytes !== undefined && this.open !== undefined) this.open.heard += textOf(bytes, 0, bytes.length);
      },
      onFault: () => {
        if (this.open !== undefined) this.ended.push({ ...this.open, isDamaged: this.peer.isDamaged });
        this.open = undefined;
        this.clock.after(1_000, () => this.connect());
      },
    });
  }
}

const models = ["EG95", "SIMCOM_SIM7600E", "SARA-R410M-02B"];
const anyFault: fc.Arbitrary<PeerFault> = fc.constantFrom(
  "short-length",
  "long-length",
  "news-inside",
  "no-prompt",
  "late-answer",
  "silence",
  "reset",
  "lost-news",
  "hang-up",
  "refusal",
);
const anyTurn = fc.record({
  faults: fc.array(anyFault, { maxLength: 2 }),
  write: fc.stringMatching(/^[a-z]{0,30}$/),
  isLong: fc.boolean(),
  waitMs: fc.integer({ min: 0, max: 30_000 }),
});

test.each(models)(
  "whatever goes wrong on the line, no byte is invented or swapped, and a good modem soon carries again: %s",
  (model) => {
    fc.assert(
      fc.property(fc.array(anyTurn, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (turns, pieceLimit) => {
        const talker = new Talker(model, pieceLimit);
        talker.clock.runFor(20_000);
        for (const turn of turns) {
          for (const fault of turn.faults) talker.peer.plant(fault);
          talker.write(turn.isLong ? turn.write.repeat(60) : turn.write);
          talker.clock.runFor(turn.waitMs);
        }
        talker.peer.heal();
        const connections = talker.peer.connections;
        const all = talker.ended.map((one) => ({ ...one }));
        for (const one of all) {
          const far = connections[one.index];
          if (far === undefined || one.isDamaged) continue;
          expect(far.said.startsWith(one.heard)).toBe(true);
          // Blanks are what a payload that was given up is made of. Without a prompt, a late refusal lets the modem take the next
          // command for its payload: the connection is over by then.
          if (!far.lostPrompt) expect(one.written.startsWith(far.heard.trimEnd())).toBe(true);
        }
        let answered = "";
        for (let turn = 0; turn < 40 && !answered.endsWith("hello"); turn++) {
          talker.clock.runFor(8_000);
          answered = talker.open === undefined ? "" : talker.open.heard;
          if (!answered.endsWith("hello")) talker.write("hello");
        }
        expect(answered.endsWith("hello")).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
);
