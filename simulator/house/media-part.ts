/** Sound of SIP calls in virtual time: no packets, only who sends to whom, who hears whom, and keys (what the media port promises). */
import type { Media, MediaOptions, OpenMedia } from "../../firmware/ports/media.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { silenceLimitMs } from "../live/rtp/sound.ts";
import type { Note } from "./notes.ts";

/** The way of sound and keys through the network. */
export const soundMs = 60;

const firstPort = 40_000;
const lastPort = 65_534;

/** Where the ends of calls find each other, by the addresses that they tell in their session descriptions. */
export class MediaNet {
  private readonly streams: Map<string, Stream>;

  constructor() {
    this.streams = new Map();
  }

  at(address: Endpoint | undefined): Stream | undefined {
    return address === undefined ? undefined : this.streams.get(nameOf(address));
  }

  join(stream: Stream): void {
    this.streams.set(nameOf(stream.local), stream);
  }

  leave(stream: Stream): void {
    this.streams.delete(nameOf(stream.local));
  }
}

export interface MediaPartOptions {
  readonly queue: EventQueue;
  readonly note: Note;
  readonly net: MediaNet;
  /** The own address; each call has a port of its own. */
  readonly host: string;
}

/** The sound of one device: a unit's, or that of an operator's telephone. */
export class MediaPart {
  readonly open: OpenMedia;
  readonly options: MediaPartOptions;
  /** Whether the network loses what comes here, and what leaves here. */
  losesIncoming: boolean;
  losesOutgoing: boolean;
  private stream: Stream | undefined;
  private nextPort: number;

  constructor(options: MediaPartOptions) {
    this.options = options;
    this.losesIncoming = false;
    this.losesOutgoing = false;
    this.stream = undefined;
    this.nextPort = firstPort;
    this.open = (port) => {
      const local = { host: options.host, port: this.nextPort };
      this.nextPort = this.nextPort === lastPort ? firstPort : this.nextPort + 2;
      this.stream = new Stream(this, local, port);
      return this.stream;
    };
  }

  /** Whether this end hears the other now. */
  get hears(): boolean {
    return this.stream?.hears ?? false;
  }

  /** The network begins to lose sound, one way or both, or loses it no more. */
  lose(incoming: boolean, outgoing: boolean): void {
    this.losesIncoming = incoming;
    this.losesOutgoing = outgoing;
    this.stream?.changed();
  }

  /** Somebody presses a key here. */
  press(key: string): void {
    this.stream?.press(key);
  }
}

class Stream implements Media {
  readonly local: Endpoint;
  /** What is heard here now. */
  hears: boolean;
  private readonly part: MediaPart;
  private readonly port: MediaOptions;
  private far: Endpoint | undefined;
  private at: "opening" | "open" | "closed";
  private isMicrophoneOpen: boolean;
  private isSpeakerOpen: boolean;
  private watchdog: Handle | undefined;

  constructor(part: MediaPart, local: Endpoint, port: MediaOptions) {
    this.part = part;
    this.local = local;
    this.port = port;
    this.far = undefined;
    this.hears = false;
    this.at = "opening";
    this.isMicrophoneOpen = false;
    this.isSpeakerOpen = false;
    this.watchdog = undefined;
    part.options.queue.after(0, () => {
      if (this.at === "closed") return;
      this.at = "open";
      part.options.net.join(this);
      port.onReady(local);
    });
  }

  start(to: Endpoint, codec: string, eventType: number): void {
    this.note({ type: "start", to: nameOf(to), codec, eventType });
    const before = this.peer();
    this.far = to;
    before?.look();
    this.changed();
  }

  open(microphone: boolean, speaker: boolean): void {
    if (microphone === this.isMicrophoneOpen && speaker === this.isSpeakerOpen) return;
    this.note({ type: "open", microphone, speaker });
    this.isMicrophoneOpen = microphone;
    this.isSpeakerOpen = speaker;
    this.changed();
  }

  volume(step: 1 | -1): void {
    this.note({ type: "volume", step });
  }

  close(): void {
    if (this.at === "closed") return;
    this.note({ type: "close" });
    this.end();
  }

  press(key: string): void {
    this.part.options.queue.after(soundMs, () => {
      const peer = this.peer();
      if (peer?.peer() === this && peer.receives()) peer.port.onKey(key);
    });
  }

  /** Something has changed at this end: what either hears may be another. */
  changed(): void {
    this.look();
    this.peer()?.look();
  }

  /** What is heard here now, and whether anything comes at all. */
  private look(): void {
    const { queue } = this.part.options;
    const receives = this.receives();
    const hears = receives && this.isSpeakerOpen && this.peer()?.isMicrophoneOpen === true;
    if (hears !== this.hears) this.note({ type: hears ? "hears" : "hears no more" });
    this.hears = hears;
    const isUsed = this.isMicrophoneOpen || this.isSpeakerOpen;
    const isWatched = this.at === "open" && this.far !== undefined && isUsed && !receives;
    if (!isWatched && this.watchdog !== undefined) {
      queue.cancel(this.watchdog);
      this.watchdog = undefined;
    }
    if (isWatched) this.watchdog ??= queue.after(silenceLimitMs, () => this.fail());
  }

  /** Packets of the other end come, be they silence: it sends here, and is the one that is spoken to. */
  private receives(): boolean {
    const peer = this.peer();
    if (peer === undefined || this.at !== "open" || peer.far === undefined) return false;
    const isMutual = nameOf(peer.far) === nameOf(this.local);
    return isMutual && !this.part.losesIncoming && !peer.part.losesOutgoing;
  }

  private peer(): Stream | undefined {
    return this.part.options.net.at(this.far);
  }

  private fail(): void {
    this.watchdog = undefined;
    this.note({ type: "fault" });
    this.end();
    this.port.onFault();
  }

  private end(): void {
    const peer = this.peer();
    this.at = "closed";
    this.part.options.net.leave(this);
    this.look();
    peer?.look();
  }

  private note(what: object): void {
    this.part.options.note("media", what);
  }
}

function nameOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
