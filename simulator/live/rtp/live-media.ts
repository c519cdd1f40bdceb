/**
 * Real sound behind the media port: an RTP stream over UDP between the unit's microphone and loudspeaker and the far side
 * (RFC 3550, 3551, 4733). No RTCP: nothing of SS 91100 asks for its figures, and the stream never pauses, so that the far
 * side's watchdog and any address translation between stay content.
 */
import { randomInt } from "node:crypto";
import { isIP } from "node:net";
import type { Clock } from "../../../firmware/ports/clock.ts";
import type { Codec, Media, MediaOptions, OpenMedia } from "../../../firmware/ports/media.ts";
import type { Datagram, DatagramSocket, Endpoint } from "../../../firmware/ports/socket.ts";
import { type LiveSocketOptions, liveSockets } from "../live-sockets.ts";
import { Pace } from "./pace.ts";
import { type HearingCounts, RtpHearing } from "./rtp-hearing.ts";
import { RtpSender } from "./rtp-sender.ts";
import { frameLength, frameMs, type Loudspeaker, type Microphone, silenceLimitMs } from "./sound.ts";
import { firstVolume, loudened, volumeSteps } from "./volume.ts";

/** So many ports are tried before there is none. */
export const portTries = 16;

/** Ports of its own choice lie in here; RTP has the even ones (RFC 3550 11). */
const firstPort = 40_000;
const portPairs = 10_000;

export interface MediaCounts extends HearingCounts {
  readonly sent: number;
  /** Datagrams that came before start(), from another host than the one that was agreed on, or that were no RTP. */
  readonly strange: number;
}

export interface LiveMediaOptions extends Pick<LiveSocketOptions, "host" | "allow" | "onDropped"> {
  readonly clock: Clock;
  /** Heard from call to call: a recording goes on while nobody listens. */
  readonly microphone: Microphone;
  readonly loudspeaker: Loudspeaker;
  /** Draws a whole number from 0 to below its bound; the system's chance unless said. */
  readonly random?: (below: number) => number;
  /** A call's sound is over. */
  readonly onCounted?: (counts: MediaCounts) => void;
}

/** Opens real streams by the port's rules. */
export function liveMedia(live: LiveMediaOptions): OpenMedia {
  return (options) => new LiveMedia(live, options);
}

export class LiveMedia implements Media {
  private readonly live: LiveMediaOptions;
  private readonly options: MediaOptions;
  private readonly random: (below: number) => number;
  private readonly pace: Pace;
  private readonly sender: RtpSender;
  private readonly hearing: RtpHearing;
  private readonly frame: Int16Array;
  private socket: DatagramSocket | undefined;
  /** Where sound goes, and the one host it comes from; undefined before start(). */
  private far: Endpoint | undefined;
  private codec: Codec;
  private isMicrophoneOpen: boolean;
  private isSpeakerOpen: boolean;
  private volumeStep: number;
  private lastHeardMs: number;
  private sentCount: number;
  private strangeCount: number;

  constructor(live: LiveMediaOptions, options: MediaOptions) {
    this.live = live;
    this.options = options;
    this.random = live.random ?? ((below) => randomInt(below));
    this.pace = new Pace(live.clock, frameMs, (leftOut) => this.step(leftOut));
    this.sender = new RtpSender(this.random);
    this.hearing = new RtpHearing((key) => options.onKey(key));
    this.frame = new Int16Array(frameLength);
    this.far = undefined;
    this.codec = "PCMA";
    this.isMicrophoneOpen = false;
    this.isSpeakerOpen = false;
    this.volumeStep = firstVolume;
    this.lastHeardMs = 0;
    this.sentCount = 0;
    this.strangeCount = 0;
    this.openSocket(portTries);
  }

  start(to: Endpoint, codec: Codec, eventType: number): void {
    if (this.socket === undefined) return;
    if (this.far === undefined) this.lastHeardMs = this.live.clock.nowMs();
    this.far = to;
    this.codec = codec;
    this.hearing.hearEvents(eventType);
    this.pace.start();
  }

  open(microphone: boolean, speaker: boolean): void {
    this.isMicrophoneOpen = microphone;
    this.isSpeakerOpen = speaker;
  }

  volume(step: 1 | -1): void {
    this.volumeStep = Math.min(Math.max(this.volumeStep + step, 0), volumeSteps - 1);
  }

  close(): void {
    if (this.socket === undefined) return;
    this.pace.stop();
    this.socket.close();
    this.socket = undefined;
    this.live.onCounted?.(this.counts());
  }

  counts(): MediaCounts {
    return { ...this.hearing.counts(), sent: this.sentCount, strange: this.strangeCount };
  }

  /** An even port of its own choice; another where it is taken. */
  private openSocket(triesLeft: number): void {
    const localPort = firstPort + 2 * this.random(portPairs);
    const open = liveSockets({
      ...this.live,
      onListenError: ({ code }) => {
        if (code !== "EADDRINUSE" || triesLeft === 1) return this.fail();
        this.socket?.close();
        this.openSocket(triesLeft - 1);
      },
    });
    let isReady = false;
    this.socket = open({
      localPort,
      onReady: (local) => {
        isReady = true;
        this.options.onReady(local);
      },
      onReadable: () => this.drain(),
      onFault: () => {
        if (isReady) this.fail();
      },
    });
  }

  private drain(): void {
    for (let datagram = this.socket?.read(); datagram !== undefined; datagram = this.socket?.read())
      this.hear(datagram);
  }

  /** The far side may send from another port than it has named, as behind an address translation: then it is answered there. */
  private hear({ bytes, from }: Datagram): void {
    const far = this.far;
    const isFar = far !== undefined && (isIP(far.host) === 0 || from.host === far.host);
    if (!isFar || !this.hearing.take(bytes)) {
      this.strangeCount++;
      return;
    }
    this.far = from;
    this.lastHeardMs = this.live.clock.nowMs();
  }

  private step(leftOut: number): void {
    const { live, frame } = this;
    // Both are closed while the far side holds the call: then nothing need come.
    if (!this.isMicrophoneOpen && !this.isSpeakerOpen) this.lastHeardMs = live.clock.nowMs();
    if (live.clock.nowMs() - this.lastHeardMs >= silenceLimitMs) {
      this.fail();
      return;
    }
    live.microphone.next(frame);
    if (!this.isMicrophoneOpen) frame.fill(0);
    this.sender.skip(leftOut);
    this.socket?.send(this.sender.packet(this.codec, frame), this.far as Endpoint);
    this.sentCount++;
    this.hearing.next(frame);
    if (this.isSpeakerOpen) loudened(frame, this.volumeStep);
    else frame.fill(0);
    live.loudspeaker.play(frame);
  }

  private fail(): void {
    this.close();
    this.options.onFault();
  }
}
