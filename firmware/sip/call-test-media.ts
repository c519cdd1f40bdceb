/** For tests only: a sound port that holds its user to the contract. */
import type { Codec, Media, MediaOptions } from "../ports/media.ts";
import type { Endpoint } from "../ports/socket.ts";

/** A sound port that writes down what it is asked and throws where that is against its contract. */
export class TestMedia implements Media {
  readonly options: MediaOptions;
  readonly log: string[];
  isClosed: boolean;
  private isReady: boolean;
  private wasOpened: boolean;

  constructor(options: MediaOptions) {
    this.options = options;
    this.log = [];
    this.isClosed = false;
    this.isReady = false;
    this.wasOpened = false;
  }

  ready(local: Endpoint): void {
    if (this.isClosed) return;
    this.isReady = true;
    this.options.onReady(local);
  }

  start(to: Endpoint, codec: Codec, eventType: number): void {
    this.check();
    if (!this.isReady) throw new Error("media started before it was ready");
    if (!this.wasOpened) throw new Error("media started before it was said who is heard");
    this.log.push("start " + to.host + ":" + to.port + " " + codec + " " + eventType);
  }

  open(microphone: boolean, speaker: boolean): void {
    this.check();
    this.wasOpened = true;
    this.log.push("open " + (microphone ? "mic" : "-") + " " + (speaker ? "speaker" : "-"));
  }

  volume(step: 1 | -1): void {
    this.check();
    this.log.push("volume " + step);
  }

  close(): void {
    this.check();
    this.isClosed = true;
    this.log.push("close");
  }

  private check(): void {
    if (this.isClosed) throw new Error("media used after it was closed");
  }
}
