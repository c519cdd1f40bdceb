/** For tests only: baresip, a telephone that nobody here wrote, as the operator's: a folder of its own, sound from and to WAV files, orders over its JSON control port. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toneMicrophone } from "../../simulator/live/rtp/sound.ts";
import { readWav, wavHeader } from "../../simulator/live/rtp/wav.ts";
import { freePort, start, until } from "../live-bench.ts";

/** What baresip tells of its calls; only what tests look at. */
export interface BaresipEvent {
  readonly event?: boolean;
  readonly type?: string;
  readonly param?: string;
  readonly peeruri?: string;
}

export interface BaresipOptions {
  /** What its microphone hears, as a tone. */
  readonly toneHz: number;
  /** It takes calls by itself; else an "accept" is awaited. */
  readonly takesCalls?: boolean;
  /** Sound it can do, most wanted first. */
  readonly codecs?: string;
}

type AtEnd = (end: () => void) => void;

const startTries = 3;
/** The longest call of a test, and more. */
const toneSeconds = 30;
const sampleRateHz = 8000;
/** Where its modules are: Debian's place first. */
const modulePaths = ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"];

export class Baresip {
  /** Where it takes calls: UDP and TCP. */
  readonly sipPort: number;
  readonly uri: string;
  readonly events: BaresipEvent[];
  private readonly folder: string;
  private readonly control: Socket;
  private readonly output: () => string;
  private waiting: string;

  constructor(sipPort: number, folder: string, control: Socket, output: () => string) {
    this.sipPort = sipPort;
    this.uri = `sip:operator@127.0.0.1:${sipPort}`;
    this.events = [];
    this.folder = folder;
    this.control = control;
    this.output = output;
    this.waiting = "";
    control.setEncoding("latin1").on("data", (text) => this.take(String(text)));
  }

  /** An order such as "dial", "hangup", "accept", as one would type it. */
  order(command: string, params: string = ""): void {
    const text = JSON.stringify({ command, params });
    this.control.write(`${text.length}:${text},`);
  }

  /** Presses a key in its call for a moment. */
  press(key: string): void {
    this.order("sndcode", key);
  }

  /** Waits until it has told `count` events of a type; shows what it printed where it does not. */
  async told(type: string, count: number = 1): Promise<void> {
    try {
      await until(() => this.events.filter((event) => event.type === type).length >= count);
    } catch (thrown) {
      throw new Error(`baresip never told ${type}: ${JSON.stringify(this.events)}\n${this.output()}`, {
        cause: thrown,
      });
    }
  }

  /** What it heard in its only call, once that is over. */
  async recording(): Promise<Int16Array> {
    await until(() => this.recordings().length > 0);
    const [only, ...more] = this.recordings();
    if (more.length > 0) throw new Error("baresip has heard several calls");
    return only as Int16Array;
  }

  /** What it has heard, call by call; a file is whole when baresip has closed it. */
  recordings(): readonly Int16Array[] {
    const recordings: Int16Array[] = [];
    for (const name of readdirSync(join(this.folder, "heard"))) {
      if (!name.endsWith("-dec.wav")) continue;
      const read = readWav(readFileSync(join(this.folder, "heard", name)));
      if (read.ok) recordings.push(read.value);
    }
    return recordings;
  }

  /** Netstrings: length, colon, JSON, comma. */
  private take(text: string): void {
    this.waiting += text;
    for (;;) {
      const colon = this.waiting.indexOf(":");
      if (colon < 0) return;
      const end = colon + 1 + Number(this.waiting.slice(0, colon));
      if (this.waiting.length <= end) return;
      this.events.push(JSON.parse(this.waiting.slice(colon + 1, end)) as BaresipEvent);
      this.waiting = this.waiting.slice(end + 1);
    }
  }
}

/** Starts one on free ports of loopback and waits until it takes orders. It is ended, and its folder gone, when the test is over. */
export async function startBaresip(atEnd: AtEnd, options: BaresipOptions): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-baresip-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "heard"));
  writeFileSync(join(folder, "contacts"), "");
  writeFileSync(join(folder, "tone.wav"), toneFile(options.toneHz));
  for (let triesLeft = startTries; ; triesLeft--) {
    const sipPort = await freePort();
    const controlPort = await freePort();
    writeFileSync(join(folder, "config"), configOf(folder, sipPort, controlPort));
    writeFileSync(join(folder, "accounts"), accountOf(sipPort, options));
    const running = start(atEnd, "baresip", ["-f", folder, "-v"], {}, folder);
    const output = (): string => running.stdout() + running.stderr();
    await until(() => output().includes("baresip is ready") || running.child.exitCode !== null);
    if (output().includes("ctrl_tcp: TCP socket listening")) {
      const control = createConnection(controlPort, "127.0.0.1");
      atEnd(() => control.destroy());
      control.on("error", () => {});
      return new Baresip(sipPort, folder, control, output);
    }
    // A port that was free a moment ago may be another's by now.
    running.child.kill("SIGKILL");
    if (triesLeft === 1) throw new Error(`baresip did not start: ${output()}`);
  }
}

function configOf(folder: string, sipPort: number, controlPort: number): string {
  return [
    `sip_listen 127.0.0.1:${sipPort}`,
    "net_interface 127.0.0.1",
    "call_max_calls 4",
    `module_path ${modulePaths.find((path) => existsSync(path)) ?? "."}`,
    `audio_source aufile,${join(folder, "tone.wav")}`,
    "audio_player aubridge,nowhere",
    "audio_alert aubridge,nowhere",
    "ausrc_srate 8000",
    "auplay_srate 8000",
    "ausrc_channels 1",
    "auplay_channels 1",
    "module g711.so",
    "module sndfile.so",
    "module aufile.so",
    "module aubridge.so",
    "module_tmp account.so",
    "module_app menu.so",
    "module_app ctrl_tcp.so",
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    `snd_path ${join(folder, "heard")}`,
    "",
  ].join("\n");
}

function accountOf(sipPort: number, { takesCalls, codecs }: BaresipOptions): string {
  const mode = (takesCalls ?? true) ? "auto" : "manual";
  return `<sip:operator@127.0.0.1:${sipPort}>;regint=0;answermode=${mode};audio_codecs=${codecs ?? "PCMA,PCMU"}\n`;
}

function toneFile(toneHz: number): Uint8Array {
  const samples = new Int16Array(toneSeconds * sampleRateHz);
  toneMicrophone(toneHz).next(samples);
  return Buffer.concat([wavHeader(samples.length), new Uint8Array(samples.buffer)]);
}
