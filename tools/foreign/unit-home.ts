/** For tests only: a whole unit with a SIP telephone and real sound, and a receiver that orders the calls of its alarms, on free ports of loopback. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { voiceDefaults } from "../../firmware/voice/voice-settings.ts";
import { faultText } from "../../protocol/result.ts";
import type { CallNews } from "../../simulator/live/live-calls.ts";
import { type HomeNews, type LiveHome, type LiveHomeOptions, openLiveHome } from "../../simulator/live/live-home.ts";
import { openMicrophone, readWav } from "../../simulator/live/rtp/wav.ts";
import { WavLoudspeaker } from "../../simulator/live/rtp/wav-loudspeaker.ts";
import { openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { ReceiverOptions } from "../../simulator/peers/receiver-options.ts";
import { until } from "../live-bench.ts";

type AtEnd = (end: () => void) => void;

export interface UnitHomeOptions {
  /** Of a receiver that is there already; the two below are for one of its own. */
  readonly receiverPort?: number;
  /** What an acceptance orders; no call unless said. */
  readonly order?: ReceiverOptions["voice"];
  readonly mode?: ReceiverMode;
  readonly microphone?: "tone" | "silence";
  readonly allowedNumbers?: readonly string[];
  readonly fallbackNumber?: string;
}

const cid = "4607110231";

export class UnitHome {
  /** Where it is called. */
  readonly uri: string;
  readonly home: LiveHome;
  private readonly news: readonly HomeNews[];
  /** By call news of keys: how much the loudspeaker had played by then, in samples. */
  private readonly playedAt: ReadonlyMap<CallNews, number>;
  private readonly loudspeaker: WavLoudspeaker;
  private readonly path: string;

  constructor(
    home: LiveHome,
    news: readonly HomeNews[],
    playedAt: ReadonlyMap<CallNews, number>,
    sound: { readonly loudspeaker: WavLoudspeaker; readonly path: string },
  ) {
    this.uri = `sip:${cid}@${home.address.host}:${home.address.port}`;
    this.home = home;
    this.news = news;
    this.playedAt = playedAt;
    this.loudspeaker = sound.loudspeaker;
    this.path = sound.path;
  }

  /** The button is pressed; resolves when its alarm has come so far. */
  async press(outcome: "accepted" | "refused"): Promise<void> {
    this.home.pressAt(0);
    await until(() => this.news.some((one) => one.type === "report" && one.news.ofPress && one.news.type === outcome));
  }

  /** What became of its calls so far. */
  get calls(): readonly CallNews[] {
    return this.news.flatMap((one) => (one.type === "call" ? [one.news] : []));
  }

  /** The same in words: what happened, and how or what. */
  get story(): readonly string[] {
    return this.calls.map(({ what, key, reason, text }) => [what, key ?? reason ?? text ?? []].flat().join(" "));
  }

  /** Waits for a word of the story. */
  async tells(word: string): Promise<void> {
    await until(() => this.story.includes(word));
  }

  /** Waits until the loudspeaker has played so many samples more. */
  async plays(count: number): Promise<void> {
    const played = this.heardCount;
    await until(() => this.heardCount >= played + count);
  }

  /** Keys of the far side, each with how much had been played by then. */
  get keys(): readonly { readonly key: string; readonly at: number }[] {
    return this.calls.flatMap((one) =>
      one.key === null ? [] : [{ key: one.key, at: this.playedAt.get(one) as number }],
    );
  }

  /** The signals that its lamp has shown, newest last. */
  get lamp(): readonly string[] {
    return this.news.flatMap((one) => (one.type === "unit-showed" ? [one.signal] : []));
  }

  /** What its loudspeaker has played so far, in samples. */
  get heardCount(): number {
    return this.loudspeaker.sampleCount;
  }

  /** The same, read from its file. */
  heard(): Int16Array {
    this.loudspeaker.flush();
    return samplesOf(this.path);
  }
}

/** The samples of a WAV file that must be whole. */
export function samplesOf(path: string): Int16Array {
  const read = readWav(readFileSync(path));
  if (!read.ok) throw new Error(faultText(read.fault));
  return read.value;
}

/** A folder of the test's own. */
export function folderOf(atEnd: AtEnd): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-calls-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens it, with its receiver, and closes both when the test is over. */
export async function openUnitHome(atEnd: AtEnd, options: UnitHomeOptions = {}): Promise<UnitHome> {
  const path = join(folderOf(atEnd), "loudspeaker.wav");
  const receiverPort = options.receiverPort ?? (await openReceiver(atEnd, options));
  const loudspeaker = new WavLoudspeaker(path);
  const news: HomeNews[] = [];
  const playedAt = new Map<CallNews, number>();
  const home = await openLiveHome({
    settings: settingsOf(receiverPort, options),
    local: { host: "127.0.0.1", port: 0 },
    allow: [],
    onNews: (one) => {
      news.push(one);
      if (one.type === "call") playedAt.set(one.news, loudspeaker.sampleCount);
    },
    onDropped: () => {},
    sound: { microphone: openMicrophone(options.microphone ?? "tone"), loudspeaker },
  });
  atEnd(() => {
    home.close();
    loudspeaker.close();
  });
  return new UnitHome(home, news, playedAt, { loudspeaker, path });
}

async function openReceiver(atEnd: AtEnd, { order, mode }: UnitHomeOptions): Promise<number> {
  const receiver = await openLiveReceiver({
    name: "lab",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: mode ?? "normal",
    latencyMs: { least: 0, most: 5 },
    voice: order,
    onEvent: () => {},
  });
  atEnd(() => receiver.close());
  return receiver.addresses[0]?.port ?? 0;
}

function settingsOf(
  port: number,
  { allowedNumbers = [], fallbackNumber = "" }: UnitHomeOptions,
): LiveHomeOptions["settings"] {
  return {
    cid,
    domain: "larm.example",
    policy: "broadband-only",
    receivers: [{ uri: "sip:larm@larm.example", host: "127.0.0.1", port, user: "", password: "", answerFrom: [] }],
    modem: { apn: "", user: "", password: "", pin: "" },
    staggerMs: 5_000,
    voice: { ...voiceDefaults, allowedNumbers, fallbackNumber },
  };
}
