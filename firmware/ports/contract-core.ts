/** The checks of what every device has: clock, flash, secrets and radio. */
import { open, seal } from "../../protocol/radio/sealing.ts";
import type { Clock } from "./clock.ts";
import { broken, type ContractBench, held, type PortCheck, skipped, type Verdict, verdictOf } from "./contract.ts";
import type { Flash } from "./flash.ts";
import type { OpenRadio } from "./radio.ts";
import type { Secrets } from "./secrets.ts";

/** What the hosts of units and of buttons have in common. */
export interface CoreHost {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly flash: Flash;
  readonly openRadio: OpenRadio;
}

type Done = (verdict: Verdict) => void;
type Bench = ContractBench<CoreHost>;

/** Erased; then `run` may program it. */
function onSpare(bench: Bench, done: Done, run: (flash: Flash, base: number) => Verdict): void {
  const flash = bench.host.flash;
  if (bench.spareSector < 0) {
    done(skipped("no sector to spare"));
    return;
  }
  if (!flash.erase(bench.spareSector)) {
    done(broken("erase failed"));
    return;
  }
  done(run(flash, bench.spareSector * flash.sectorSize));
}

function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (seed + i * 37) & 0xff;
  return bytes;
}

/** The first place where what stands from `address` on is not `wanted`, or -1. */
function differsAt(flash: Flash, address: number, wanted: Uint8Array): number {
  const found = new Uint8Array(wanted.length);
  flash.read(address, found);
  for (let i = 0; i < wanted.length; i++) if (found[i] !== wanted[i]) return address + i;
  return -1;
}

function isBlank(flash: Flash, address: number, length: number): boolean {
  return differsAt(flash, address, new Uint8Array(length).fill(0xff)) < 0;
}

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++)
    text += ((bytes[i] as number) < 16 ? "0" : "") + (bytes[i] as number).toString(16);
  return text;
}

function counted(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i;
  return bytes;
}

export const coreChecks: readonly PortCheck<CoreHost>[] = [
  {
    name: "clock: whole milliseconds that never go back",
    begin: (bench, done) => {
      let last = bench.host.clock.nowMs();
      for (let i = 0; i < 200; i++) {
        const now = bench.host.clock.nowMs();
        if (now !== Math.floor(now) || now < last) {
          done(broken(last + " was followed by " + now));
          return;
        }
        last = now;
      }
      done(held);
    },
  },
  {
    name: "clock: a timer fires once, no earlier than asked",
    begin: (bench, done) => {
      const clock = bench.host.clock;
      const dueMs = clock.nowMs() + 30;
      let fired = 0;
      clock.after(30, () => {
        fired++;
        if (clock.nowMs() < dueMs) done(broken("fired " + (dueMs - clock.nowMs()) + " ms early"));
      });
      clock.after(200, () => done(verdictOf(fired === 1, "fired " + fired + " times")));
    },
  },
  {
    name: "clock: a timer of no delay does not fire from inside",
    begin: (bench, done) => {
      let isInside = true;
      bench.host.clock.after(0, () => done(verdictOf(!isInside, "fired from inside after()")));
      isInside = false;
    },
  },
  {
    name: "clock: the nearer of two timers fires first, a cancelled one never",
    begin: (bench, done) => {
      const clock = bench.host.clock;
      let order = "";
      clock.after(60, () => {
        order += "b";
      });
      clock.after(20, () => {
        order += "a";
      });
      const gone = clock.after(40, () => {
        order += "x";
      });
      gone.cancel();
      gone.cancel();
      clock.after(150, () => done(verdictOf(order === "ab", "order " + order)));
    },
  },
  {
    name: "flash: at least two sectors of 1,024 bytes, programmed by 1, 4 or 8",
    begin: (bench, done) => {
      const flash = bench.host.flash;
      const unit = flash.programUnit;
      const isSound = flash.sectorCount >= 2 && flash.sectorSize >= 1_024 && (unit === 1 || unit === 4 || unit === 8);
      done(verdictOf(isSound, flash.sectorCount + " of " + flash.sectorSize + ", by " + unit));
    },
  },
  {
    name: "flash: an erased sector is all ones",
    begin: (bench, done) =>
      onSpare(bench, done, (flash, base) => verdictOf(isBlank(flash, base, flash.sectorSize), "a bit is zero")),
  },
  {
    name: "flash: what is programmed reads back at any address, and its neighbours stay blank",
    begin: (bench, done) =>
      onSpare(bench, done, (flash, base) => {
        const unit = flash.programUnit;
        const bytes = pattern(16 * unit, 5);
        if (!flash.program(base + 3 * unit, bytes)) return broken("program failed");
        const whole = differsAt(flash, base + 3 * unit, bytes);
        if (whole >= 0) return broken("address " + whole + " differs");
        const part = differsAt(flash, base + 3 * unit + 1, bytes.subarray(1, 6));
        if (part >= 0) return broken("read off its unit, address " + part + " differs");
        const isAlone = isBlank(flash, base, 3 * unit) && isBlank(flash, base + 19 * unit, 8 * unit);
        return verdictOf(isAlone, "a neighbour changed");
      }),
  },
  {
    name: "flash: a view into a larger array is programmed, not the array",
    begin: (bench, done) =>
      onSpare(bench, done, (flash, base) => {
        const view = pattern(64, 9).subarray(24, 40);
        if (!flash.program(base + 64, view)) return broken("program failed");
        return verdictOf(differsAt(flash, base + 64, view) < 0, "other bytes stand there");
      }),
  },
  {
    name: "flash: zeros go over what is programmed, in the last unit too",
    begin: (bench, done) =>
      onSpare(bench, done, (flash, base) => {
        const at = base + flash.sectorSize - 8;
        if (!flash.program(at, pattern(8, 3)) || !flash.program(at, new Uint8Array(8))) return broken("program failed");
        return verdictOf(differsAt(flash, at, new Uint8Array(8)) < 0, "a bit is one");
      }),
  },
  {
    name: "secrets: the block function of FIPS 197, C.1, also on a view",
    begin: (bench, done) => {
      const text = new Uint8Array(24);
      for (let i = 0; i < 16; i++) text[i + 4] = i * 0x11;
      bench.host.secrets.aes(counted(16))(text.subarray(4, 20));
      const found = hexOf(text);
      done(verdictOf(found === "0000000069c4e0d86a7b0430d8cdb78070b4c55a00000000", found));
    },
  },
  {
    name: "secrets: CCM of RFC 3610, packet vector 1, and two keys side by side",
    begin: (bench, done) => {
      const key = new Uint8Array(16);
      for (let i = 0; i < 16; i++) key[i] = 0xc0 + i;
      const cipher = bench.host.secrets.aes(key);
      const other = bench.host.secrets.aes(counted(16));
      const nonce = new Uint8Array([0, 0, 0, 3, 2, 1, 0, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5]);
      const text = counted(31).subarray(8);
      other(new Uint8Array(16));
      const sealed = seal(cipher, nonce, counted(8), text, 8);
      const found = hexOf(sealed);
      if (found !== "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0") {
        done(broken(found));
        return;
      }
      const opened = open(cipher, nonce, counted(8), sealed, 8);
      const forged = open(other, nonce, counted(8), sealed, 8);
      done(verdictOf(opened.ok && !forged.ok, "opened by the wrong key, or not by the right one"));
    },
  },
  {
    name: "secrets: random bytes fill what is asked for, never twice the same",
    begin: (bench, done) => {
      const one = new Uint8Array(16);
      const other = new Uint8Array(16);
      bench.host.secrets.random(one);
      bench.host.secrets.random(other);
      let tail = 0;
      for (let i = 12; i < 16; i++) tail |= (one[i] as number) | (other[i] as number);
      done(verdictOf(hexOf(one) !== hexOf(other) && tail !== 0, hexOf(one) + " and " + hexOf(other)));
    },
  },
  {
    name: "radio: sends, listens and sleeps; after close nothing comes",
    begin: (bench, done) => {
      let isClosed = false;
      let late = 0;
      const note = (): void => {
        if (isClosed) late++;
      };
      const radio = bench.host.openRadio({ onReadable: note, onBusy: note });
      // A frame of a button: 0x21 is a press (radio 3.1).
      radio.send(pattern(24, 0x21));
      radio.listen(50);
      bench.host.clock.after(300, () => {
        while (radio.read() !== undefined) note();
        radio.listen(0);
        radio.close();
        isClosed = true;
        bench.host.clock.after(100, () => done(verdictOf(late === 0, late + " calls after close")));
      });
    },
  },
];
