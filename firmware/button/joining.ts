/** Holds what a pairing needs at the device: its label key, the random bytes of this try, and the key that it tries (radio 7). */

import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { BondPhase, BondTold } from "../../protocol/radio/bond-frame.ts";
import type { PairingTalk } from "../../protocol/radio/pairing.ts";
import {
  encodePairingCancel,
  encodePairingConfirm,
  encodePairingRequest,
  openPairingOffer,
  openPairingReject,
  pairKey,
} from "../../protocol/radio/pairing.ts";
import { observerOf } from "../department.ts";
import type { Timer } from "../ports/clock.ts";
import type { ButtonHost } from "../ports/host.ts";
import { Runner } from "../runner.ts";
import type { ButtonRadio } from "./button-radio.ts";
import type { JoiningEffect, JoiningEvent, JoiningState } from "./joining-machine.ts";
import { joiningAtStart, stepJoining } from "./joining-machine.ts";

/** The device that asks. */
export interface JoiningHome {
  /** Voltage, form, low flag and key check of this moment. */
  bondTold(phase: BondPhase): BondTold;
  /** One record puts the new key in the place of the old; false: it stands as it was. */
  keepKey(key: Uint8Array): boolean;
  wait(leastMs: number, mostMs: number, callback: () => void): Timer;
  /** It has a unit now, or has given up: this asking is not used again. */
  joiningOver(): void;
}

export interface JoiningOptions {
  readonly host: ButtonHost;
  readonly address: number;
  /** 16 bytes; they stand on the label of the device. */
  readonly label: Uint8Array;
  readonly radio: ButtonRadio;
  readonly home: JoiningHome;
}

export class Joining {
  private readonly options: JoiningOptions;
  private readonly factory: BlockCipher;
  private readonly machine: Runner<JoiningState, JoiningEvent, JoiningEffect>;
  private readonly random: Uint8Array;
  private talk: PairingTalk | undefined;
  private key: Uint8Array | undefined;
  private timer: Timer | undefined;

  constructor(options: JoiningOptions) {
    this.options = options;
    this.factory = options.host.secrets.aes(options.label);
    this.random = new Uint8Array(8);
    this.talk = undefined;
    this.key = undefined;
    this.timer = undefined;
    this.machine = new Runner(
      stepJoining,
      joiningAtStart,
      (effect) => this.perform(effect),
      observerOf(options.host, "joining"),
    );
  }

  /** Somebody asks for it at the device. */
  begin(): void {
    const nowMs = this.options.host.clock.nowMs();
    this.machine.dispatch({ type: "asked-for", nowMs, room: this.options.radio.roomNow(nowMs) });
  }

  pressed(): void {
    this.machine.dispatch({ type: "pressed" });
  }

  openFrameHeard(bytes: Uint8Array): void {
    if (this.machine.state.at !== "asking") return;
    const offer = openPairingOffer(this.factory, this.random, bytes);
    if (offer.ok && offer.value.address === this.options.address) {
      this.talk = offer.value;
      this.key = pairKey(this.factory, offer.value);
      this.options.radio.setTrial(this.key);
      this.machine.dispatch({ type: "offered" });
    } else if (openPairingReject(this.factory, this.random, bytes).ok) this.machine.dispatch({ type: "rejected" });
  }

  welcomed(): void {
    this.machine.dispatch({ type: "welcomed" });
  }

  close(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }

  private perform(effect: JoiningEffect): void {
    const options = this.options;
    switch (effect.type) {
      case "show-asking":
        options.host.signals.show("joining");
        return;
      case "begin":
        this.forget();
        options.host.secrets.random(this.random);
        return;
      case "send-request":
        options.radio.sendAgain(encodePairingRequest(this.factory, options.address, this.random));
        return;
      case "send-joining":
        if (this.talk === undefined) return;
        options.radio.sendAgain(encodePairingConfirm(this.factory, this.talk));
        options.radio.tellBond(options.home.bondTold("joining"));
        return;
      case "listen":
        options.radio.listenForAnswer();
        return;
      case "wait":
        this.close();
        this.timer = options.home.wait(effect.leastMs, effect.mostMs, () => this.waited());
        return;
      case "take-key":
        this.takeKey();
        return;
      case "give-up":
        this.close();
        if (effect.tell && this.talk !== undefined)
          options.radio.sendAgain(encodePairingCancel(this.factory, this.talk));
        this.end();
        if (!options.radio.hasKey) options.host.signals.show("of-no-use");
        return;
    }
  }

  private waited(): void {
    this.timer = undefined;
    const nowMs = this.options.host.clock.nowMs();
    this.machine.dispatch({ type: "waited", nowMs, room: this.options.radio.roomNow(nowMs) });
  }

  private takeKey(): void {
    this.close();
    const key = this.key;
    const options = this.options;
    if (key !== undefined && options.home.keepKey(key)) {
      options.radio.setKey(key);
      options.radio.tellBond(options.home.bondTold("joined"));
      options.host.signals.show("joined");
    }
    this.end();
  }

  private end(): void {
    this.forget();
    this.options.home.joiningOver();
  }

  private forget(): void {
    this.talk = undefined;
    this.key = undefined;
    this.options.radio.setTrial(undefined);
  }
}
