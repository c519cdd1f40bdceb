/**
 * A modem with text messages in the place of the simulated home's own: a network that registers and carries no data, and
 * somebody who answers alarms by message.
 */
import type { UnitHost } from "../../firmware/ports/host.ts";
import { Stream } from "../../simulator/core/prng.ts";
import type { Bearer, BearerState } from "../../simulator/network/bearer.ts";
import { SmsCentre } from "../../simulator/network/sms-centre.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { ModemPeer } from "../../simulator/peers/modem.ts";
import { MessagesPart } from "../../simulator/peers/modem-messages.ts";
import { SmsReceiver } from "../../simulator/peers/sms-receiver.ts";
import { Wire } from "../../simulator/wire.ts";

export const textNumber = "+46708000001";
/** What unit and receiver sign their messages under. */
export const textKey: Uint8Array = new Uint8Array(16).fill(0x5a);

const unitNumber = "+46701000000";
const state: BearerState = {
  signal: 17,
  registered: "home",
  operatorName: "alfa",
  plmn: "24001",
  generation: "4g",
};

const dataless: Bearer = {
  state: () => state,
  listen: () => {},
  activate: () => undefined,
  wallMs: () => undefined,
};

export function withTextingModem(host: UnitHost): UnitHost {
  const chance = new Stream(1, "texting modem", 0);
  const below = (limit: number): number => chance.below(limit);
  const { clock } = host;
  const radio = { nowMs: () => clock.nowMs(), after: clock.after.bind(clock), below };
  const centre = new SmsCentre(radio);
  const cipher = aesBlock(textKey);
  new SmsReceiver({
    number: textNumber,
    centre,
    cipherOf: (number) => (number === unitNumber ? cipher : undefined),
    otherCipher: aesBlock(new Uint8Array(16)),
  });
  const wire = new Wire({ clock, random: chance }, (bytes) => modem.receive(bytes));
  const modem = new ModemPeer(
    radio,
    { bearer: dataless, parts: [(peer) => new MessagesPart(peer, { number: unitNumber, centre })] },
    (bytes) => wire.write(bytes),
  );
  return { ...host, openModemLine: wire.openDevice };
}
