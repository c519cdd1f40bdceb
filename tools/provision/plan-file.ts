/** What is to be installed, as a file: the unit, an opaque reference of the client, the settings, the buttons and the rooms. No name, no address. */
import { dirname, join } from "node:path";
import { z } from "zod";
import { routesOf, type UnitSettings } from "../../firmware/settings.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { faultText } from "../../protocol/result.ts";
import { UserError } from "../user-error.ts";
import type { ChecklistPlan } from "./checklist.ts";
import { readJson } from "./files.ts";
import { bytesOf, type KeysContent, unitKeysOf } from "./keys-file.ts";
import { addressText, type Label, readLabelCode } from "./label-code.ts";
import { clientFault, isPersonal, larmkodFault } from "./larmkod.ts";
import { settingsOf, settingsSchema } from "./settings-file.ts";

const button = z.strictObject({
  label: z.string().describe("the 40 characters on its label; or its address, where the keys' file has its key"),
  person: z.number().int().min(1).max(32).default(1),
  where: z.string().max(20).default(""),
});

export const planSchema = z.strictObject({
  format: z.literal(1),
  unit: z.string().describe("serial on the unit's label"),
  client: z.string().describe("a number of the client's list, such as K-1042; never a name or an identity number"),
  checkDigit: z.enum(["luhn", "none"]).default("luhn").describe("whether the receiver's larmkods end in a check digit"),
  settings: z.union([settingsSchema, z.string().describe("a file of settings beside this one")]),
  buttons: z.array(button).max(8).default([]),
  rooms: z.array(z.string().min(1).max(40)).max(12).default([]),
  battery: z.boolean().default(true),
  speech: z.boolean().default(true),
});

export interface PlannedButton {
  readonly label: Label;
  /** As the checklist and SCAIP name it. */
  readonly name: string;
  readonly person: number;
  readonly where: string;
}

export interface InstallationPlan {
  readonly path: string;
  readonly unit: string;
  readonly client: string;
  readonly larmkod: string;
  readonly checkDigit: "luhn" | "none";
  readonly settings: UnitSettings;
  readonly buttons: readonly PlannedButton[];
  /** As people say them, and as the unit's line can. */
  readonly rooms: readonly { readonly name: string; readonly word: string }[];
  readonly checklist: ChecklistPlan;
  readonly serviceKey: Uint8Array;
}

const hint = "a plan such as that of `livlina provision --help`";

/** Throws UserError (2), in words that name the field. */
export function readPlan(path: string, keysPath: string, keys: KeysContent): InstallationPlan {
  const file = readJson(path, planSchema, hint);
  const settingsPath = typeof file.settings === "string" ? join(dirname(path), file.settings) : path;
  const settingsFile = typeof file.settings === "string" ? readJson(settingsPath, settingsSchema, hint) : file.settings;
  const larmkod = settingsFile.larmkod;
  const fault = larmkodFault(larmkod, file.checkDigit === "luhn") ?? clientFault(file.client);
  if (fault !== undefined) throw new UserError(`${path}: ${fault}`, hint, 2);
  const serviceKey = bytesOf(unitKeysOf(keysPath, keys, file.unit).serviceKey);
  const settings = settingsOf(settingsFile, settingsPath, serviceKey, keys.secrets);
  const buttons = file.buttons.map((each, at) => plannedButton(`${path}: buttons.${at}`, each, keys));
  const rooms = file.rooms.map((name) => ({ name, word: roomWord(name) }));
  refuseTwice(
    path,
    "button",
    buttons.map(({ name }) => name),
  );
  refuseTwice(
    path,
    "room",
    rooms.map(({ word }) => word),
  );
  if (rooms.length > 0 && buttons.length === 0)
    throw new UserError(`${path}: rooms are walked with a button, and there is none`, hint, 2);
  const paths = routesOf(settings.policy).flatMap((route) => settings.receivers.map((_, at) => `${route} ${at + 1}`));
  const { unit, client, checkDigit, battery, speech } = file;
  return {
    path,
    unit,
    client,
    larmkod,
    checkDigit,
    settings,
    buttons,
    rooms,
    serviceKey,
    checklist: {
      paths,
      buttons: buttons.map(({ name }) => name),
      rooms: rooms.map(({ word }) => word),
      hasBattery: battery,
      hasSpeech: speech,
    },
  };
}

/** What an installer should look at though nothing forbids it. */
export function planDoubts(plan: InstallationPlan): readonly string[] {
  const open = plan.settings.receivers.flatMap(({ transport }, at) => (transport === "tls" ? [] : [at + 1]));
  return [
    ...(isPersonal(plan.larmkod) ? [`the larmkod ${plan.larmkod} reads like a personal identity number`] : []),
    ...(open.length === 0
      ? []
      : [`receiver ${open.join(" and ")} is not reached over TLS: nothing proves who answers`]),
    ...(plan.settings.receivers.length > 1 ? [] : ["there is one receiver only: nobody takes alarms while it is down"]),
  ];
}

/** The 40 characters, or an address that the keys' file knows. Throws UserError (2). */
export function labelOf(what: string, text: string, keys: KeysContent): Label {
  const known = keys.buttons.find(({ address }) => address === text.trim().toUpperCase());
  if (known !== undefined)
    return { address: Number.parseInt(known.address, 16), form: known.form as ButtonForm, key: bytesOf(known.key) };
  const read = readLabelCode(text);
  if (read.ok) return read.value;
  const why = read.fault.kind === "not-authentic" ? "a character of it is wrong" : faultText(read.fault);
  throw new UserError(
    `${what}: the label ${text} cannot be read: ${why}`,
    "the 40 characters on the button's label, group by group",
    2,
  );
}

/** As the unit's line carries a room: letters without their rings and dots, a hyphen for anything else. */
export function roomWord(name: string): string {
  const plain = name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9.]+/g, "-");
  return plain.replaceAll(/^-+|-+$/g, "").slice(0, 20) || "room";
}

function plannedButton(what: string, each: z.output<typeof button>, keys: KeysContent): PlannedButton {
  const label = labelOf(what, each.label, keys);
  return {
    label,
    name: addressText(label.address),
    person: each.person,
    where: each.where === "" ? "" : roomWord(each.where),
  };
}

function refuseTwice(path: string, what: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(`${path}: the ${what} ${twice} stands twice`, `each ${what} once`, 2);
}
