/** Sockets, connections and serial lines of a played device, numbered as they are opened. What has come waits until it is read. */
import type { LookUp, NameAnswer } from "../../../firmware/ports/names.ts";
import type { OpenSerial, SerialOptions } from "../../../firmware/ports/serial.ts";
import type {
  Datagram,
  DatagramOptions,
  Endpoint,
  OpenDatagramSocket,
  SocketFault,
} from "../../../firmware/ports/socket.ts";
import type { OpenStream, PeerProof, StreamOptions } from "../../../firmware/ports/stream.ts";
import type { StreamFault } from "../../../firmware/sip/stream-fault.ts";
import type { Stage } from "./parts.ts";

interface PlayedSocket {
  readonly options: DatagramOptions;
  readonly waiting: Datagram[];
}

export class PlayedSockets {
  readonly open: OpenDatagramSocket;
  private readonly sockets: (PlayedSocket | undefined)[];

  constructor(stage: Stage) {
    this.sockets = [];
    this.open = (options) => {
      const number = this.sockets.length;
      const socket: PlayedSocket = { options, waiting: [] };
      this.sockets.push(socket);
      stage.told("socket.open", [number, options.localPort]);
      return {
        send: (bytes, to) => stage.told("socket.send", [number, to.host, to.port, bytes]),
        read: () => socket.waiting.shift(),
        close: () => {
          this.sockets[number] = undefined;
          stage.told("socket.close", [number]);
        },
      };
    };
  }

  ready(number: number, local: Endpoint): void {
    const socket = this.sockets[number];
    if (socket !== undefined) socket.options.onReady(local);
  }

  hear(number: number, bytes: Uint8Array, from: Endpoint): void {
    const socket = this.sockets[number];
    if (socket === undefined) return;
    socket.waiting.push({ bytes, from });
    socket.options.onReadable(socket.waiting.length);
  }

  fault(number: number, fault: SocketFault): void {
    const socket = this.sockets[number];
    if (socket !== undefined) socket.options.onFault(fault);
  }
}

interface PlayedStream {
  readonly options: StreamOptions;
  readonly inbox: Inbox;
}

export class PlayedStreams {
  readonly open: OpenStream;
  private readonly streams: (PlayedStream | undefined)[];

  constructor(stage: Stage) {
    this.streams = [];
    this.open = (options) => {
      const number = this.streams.length;
      const stream: PlayedStream = { options, inbox: new Inbox() };
      this.streams.push(stream);
      stage.told("stream.open", [number, options.to.host, options.to.port, options.serverName, options.trust]);
      return {
        write: (bytes) => stage.told("stream.write", [number, bytes]),
        read: () => stream.inbox.take(),
        close: () => {
          this.streams[number] = undefined;
          stage.told("stream.close", [number]);
        },
      };
    };
  }

  ready(number: number, local: Endpoint, proof: PeerProof): void {
    const stream = this.streams[number];
    if (stream !== undefined) stream.options.onReady(local, proof);
  }

  hear(number: number, bytes: Uint8Array): void {
    const stream = this.streams[number];
    if (stream !== undefined) stream.options.onReadable(stream.inbox.add(bytes));
  }

  fault(number: number, fault: StreamFault): void {
    const stream = this.streams[number];
    this.streams[number] = undefined;
    if (stream !== undefined) stream.options.onFault(fault);
  }
}

/** A name service: each question is numbered, and answered once or never. */
export class PlayedNames {
  readonly lookUp: LookUp;
  private readonly asked: (((answer: NameAnswer | undefined) => void) | undefined)[];

  constructor(stage: Stage) {
    this.asked = [];
    this.lookUp = (question, onAnswer) => {
      stage.told("look-up", [this.asked.length, question.kind, question.name]);
      this.asked.push(onAnswer);
    };
  }

  answer(number: number, answer: NameAnswer | undefined): void {
    const tell = this.asked[number];
    this.asked[number] = undefined;
    if (tell !== undefined) tell(answer);
  }
}

/** One serial line under the name that its orders bear. */
export class PlayedSerial {
  readonly open: OpenSerial;
  private readonly inbox: Inbox;
  private options: SerialOptions | undefined;

  constructor(stage: Stage, name: string) {
    this.inbox = new Inbox();
    this.options = undefined;
    this.open = (options) => {
      this.options = options;
      stage.told(name + ".open", [options.baud]);
      return {
        write: (bytes) => stage.told(name + ".write", [bytes]),
        read: () => this.inbox.take(),
        close: () => {
          this.options = undefined;
          stage.told(name + ".close", []);
        },
      };
    };
  }

  hear(bytes: Uint8Array): void {
    const count = this.inbox.add(bytes);
    if (this.options !== undefined) this.options.onReadable(count);
  }
}

/** Bytes that wait, in the pieces they came in. */
class Inbox {
  private readonly pieces: Uint8Array[];
  private count: number;

  constructor() {
    this.pieces = [];
    this.count = 0;
  }

  /** Answers how many bytes wait now. */
  add(bytes: Uint8Array): number {
    this.pieces.push(bytes);
    this.count += bytes.length;
    return this.count;
  }

  take(): Uint8Array | undefined {
    if (this.count === 0) return undefined;
    if (this.pieces.length === 1) {
      this.count = 0;
      return this.pieces.shift();
    }
    const all = new Uint8Array(this.count);
    let at = 0;
    while (this.pieces.length > 0) {
      const piece = this.pieces.shift() as Uint8Array;
      all.set(piece, at);
      at += piece.length;
    }
    this.count = 0;
    return all;
  }
}
