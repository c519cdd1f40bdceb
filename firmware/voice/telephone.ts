/** The unit's telephones as one: one call at a time over whichever of them, and what the case itself adds to it. */
import type { CallSound } from "../ports/call-sound.ts";
import type { OpenPhone, Phone } from "../ports/phone.ts";
import type { CallEnd, SpeechMode, VoiceMedium } from "../ports/voice.ts";

export interface TelephoneOptions {
  /** Absent where the board has nothing of it: then nobody can tell who spoke. */
  readonly sound: CallSound | undefined;
  /** It rings while there is no call; `number` is empty where the caller withholds it. */
  readonly onIncoming: (medium: VoiceMedium, number: string) => void;
  readonly onAnswered: () => void;
  readonly onEnded: (reason: CallEnd) => void;
  readonly onKey: (key: string) => void;
}

export class Telephone {
  private readonly options: TelephoneOptions;
  private readonly phones: Phone[];
  /** The one with the call that is made, rings or is up. */
  private busy: Phone | undefined;

  constructor(options: TelephoneOptions) {
    this.options = options;
    this.phones = [];
    this.busy = undefined;
  }

  add(open: OpenPhone): void {
    const phone = open({
      onIncoming: (number) => this.rings(phone, number),
      onAnswered: () => {
        if (this.busy === phone) this.options.onAnswered();
      },
      onEnded: (reason) => this.ended(phone, reason),
      onKey: (key) => {
        if (this.busy === phone) this.options.onKey(key);
      },
    });
    this.phones.push(phone);
  }

  /** Only while there is no call. False where no telephone has that medium: nothing happens then. */
  dial(medium: VoiceMedium, number: string, mode: SpeechMode): boolean {
    for (const phone of this.phones) {
      if (phone.medium !== medium) continue;
      this.busy = phone;
      phone.dial(number, mode);
      return true;
    }
    return false;
  }

  answer(mode: SpeechMode): void {
    if (this.busy !== undefined) this.busy.answer(mode);
  }

  speak(mode: SpeechMode): void {
    if (this.busy !== undefined) this.busy.speak(mode);
  }

  volume(step: 1 | -1): void {
    if (this.busy !== undefined) this.busy.volume(step);
  }

  hangUp(): void {
    const phone = this.busy;
    this.busy = undefined;
    if (phone !== undefined) phone.hangUp();
  }

  /** The home hears that it is being listened to: ordered before anybody outside hears anything. */
  tone(): void {
    if (this.options.sound !== undefined) this.options.sound.tone();
  }

  output(): void {
    if (this.options.sound !== undefined) this.options.sound.output();
  }

  /** A second caller, over the other medium, hears busy. */
  private rings(phone: Phone, number: string): void {
    if (this.busy !== undefined) {
      phone.hangUp();
      return;
    }
    this.busy = phone;
    this.options.onIncoming(phone.medium, number);
  }

  private ended(phone: Phone, reason: CallEnd): void {
    if (this.busy !== phone) return;
    this.busy = undefined;
    const sound = this.options.sound;
    const silent = reason === "over" && sound !== undefined && !sound.wasHeard();
    this.options.onEnded(silent ? "silent" : reason);
  }
}
