/**
 * The LookUp port for hosts whose engine asks for IPv4 addresses alone, or for none: our own questions over the board's datagrams (RFC 1035
 * 4.2.1). Each question leaves from a port of its own and bears a drawn number, so that a forged answer must guess both (RFC 5452 9).
 */
import {
  decodeNameAnswer,
  encodeNameQuestion,
  type NameRecord,
  type NameRecordType,
} from "../../protocol/dns/name-message.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { LookUp, NameAnswer, NameQuestion, Service } from "../ports/names.ts";
import type { DatagramSocket, OpenDatagramSocket } from "../ports/socket.ts";

export interface NameClientParts {
  readonly open: OpenDatagramSocket;
  readonly clock: Clock;
  /** Addresses of the name servers, best first, as the network told them; asked for at each question. */
  readonly servers: () => readonly string[];
  readonly random: (into: Uint8Array) => void;
}

/** Questions under way at once; one more is not answered. */
export const mostQuestions = 8;
/** So often each server is asked before nobody answers, and so long each time. */
const rounds = 2;
const patienceMs = 1_000;
const domainPort = 53;
const mostServers = 3;

export function nameClient(parts: NameClientParts): LookUp {
  const client = new NameClient(parts);
  return (question, onAnswer) => client.ask(question, onAnswer);
}

class NameClient {
  readonly parts: NameClientParts;
  private underWay: number;

  constructor(parts: NameClientParts) {
    this.parts = parts;
    this.underWay = 0;
  }

  ask(question: NameQuestion, onAnswer: (answer: NameAnswer | undefined) => void): void {
    if (this.underWay >= mostQuestions) {
      this.parts.clock.after(0, () => onAnswer(undefined));
      return;
    }
    this.underWay++;
    new NameTalk(this.parts, question, (answer) => {
      this.underWay--;
      onAnswer(answer);
    });
  }
}

/** One question until it is answered: for addresses IPv4 first, and IPv6 where there is none. */
class NameTalk {
  private readonly parts: NameClientParts;
  private readonly question: NameQuestion;
  private readonly onEnd: (answer: NameAnswer | undefined) => void;
  private readonly servers: readonly string[];
  private readonly socket: DatagramSocket;
  private type: NameRecordType;
  private id: number;
  private tries: number;
  private timer: Timer;
  private isOpen: boolean;

  constructor(parts: NameClientParts, question: NameQuestion, onEnd: (answer: NameAnswer | undefined) => void) {
    this.parts = parts;
    this.question = question;
    this.onEnd = onEnd;
    this.servers = parts.servers();
    this.type = question.kind === "services" ? "service" : "address";
    this.id = 0;
    this.tries = 0;
    this.isOpen = true;
    this.timer = parts.clock.after(patienceMs, () => this.giveUp());
    this.socket = parts.open({
      localPort: 0,
      onReady: () => this.send(),
      onReadable: () => this.hear(),
      onFault: () => this.giveUp(),
    });
  }

  private send(): void {
    const count = Math.min(this.servers.length, mostServers);
    const server = this.servers[this.tries % Math.max(1, count)];
    this.id = this.drawn();
    const message = encodeNameQuestion(this.id, this.question.name, this.type);
    if (server === undefined || message === undefined || this.tries >= rounds * count) {
      this.giveUp();
      return;
    }
    this.tries++;
    this.timer.cancel();
    this.timer = this.parts.clock.after(patienceMs, () => this.send());
    this.socket.send(message, { host: server, port: domainPort });
  }

  private hear(): void {
    for (let next = this.socket.read(); next !== undefined && this.isOpen; next = this.socket.read()) {
      const isAsked = this.servers.indexOf(next.from.host) >= 0 && next.from.port === domainPort;
      const answer = decodeNameAnswer(next.bytes, this.id, this.question.name, this.type);
      if (isAsked && answer.ok) this.take(answer.value);
    }
  }

  private take(records: readonly NameRecord[]): void {
    if (records.length === 0 && this.type === "address") {
      this.type = "address6";
      this.tries = 0;
      this.send();
      return;
    }
    this.end(answerOf(records));
  }

  private giveUp(): void {
    this.end(undefined);
  }

  private end(answer: NameAnswer | undefined): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.timer.cancel();
    this.socket.close();
    this.onEnd(answer);
  }

  private drawn(): number {
    const bytes = new Uint8Array(2);
    this.parts.random(bytes);
    return ((bytes[0] as number) << 8) | (bytes[1] as number);
  }
}

function answerOf(records: readonly NameRecord[]): NameAnswer {
  const services: Service[] = [];
  const addresses: string[] = [];
  let ttlS = 0;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as NameRecord;
    ttlS = i === 0 ? record.ttlS : Math.min(ttlS, record.ttlS);
    if (record.type !== "service") addresses.push(record.address);
    else services.push({ priority: record.priority, weight: record.weight, port: record.port, host: record.host });
  }
  return { services, addresses, ttlS };
}
