/** How the modems of a run are played. */

/**
 * At the bytes of their lines; or with the unit's datagrams beside the line, as late as on it. Start, registration, recovery, telephone,
 * messages and connections are played at the bytes in both.
 */
export const modemLevels = ["bytes", "sockets"] as const;
export type ModemLevel = (typeof modemLevels)[number];

/** Whether something of the way was left out. */
export function isCoarse({ modem }: { readonly modem: ModemLevel }): boolean {
  return modem !== "bytes";
}
