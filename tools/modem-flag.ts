/** `--modem DIALECT:PATH`: a modem on a serial line, and how it is spoken to. A wrong one throws UserError. */
import type { ModemSettings } from "../firmware/modem/modem-state.ts";
import { UserError } from "./user-error.ts";

export type ModemDialect = "quectel" | "simcom" | "ublox" | "auto";

export interface ModemPlace {
  /** `auto`: whatever the modem says it is. */
  readonly dialect: ModemDialect;
  readonly path: string;
}

export const modemDialects: readonly ModemDialect[] = ["quectel", "simcom", "ublox", "auto"];

/** The name under which each vendor's modem is expected to keep the authorities that the operator has put in. */
const caFiles: Readonly<Record<ModemDialect, string>> = {
  quectel: "UFS:ca.pem",
  simcom: "ca.pem",
  ublox: "ca",
  auto: "",
};

export function modemPlaceOf(text: string): ModemPlace {
  const colon = text.indexOf(":");
  const dialect = modemDialects.find((known) => known === text.substring(0, colon));
  const path = text.substring(colon + 1);
  if (dialect === undefined || path === "")
    throw new UserError(
      `--modem ${text} is not DIALECT:PATH with a dialect of ${modemDialects.join(", ")}`,
      "--modem quectel:/dev/ttyUSB2",
      2,
    );
  return { dialect, path };
}

/** Of u-blox modems the model tells which of two dialects it is. */
export function modemSettings({ dialect }: ModemPlace, checksTls: boolean): Pick<ModemSettings, "caFile" | "dialect"> {
  const isTold = dialect === "quectel" || dialect === "simcom";
  return { caFile: checksTls ? caFiles[dialect] : "", dialect: isTold ? dialect : "" };
}
