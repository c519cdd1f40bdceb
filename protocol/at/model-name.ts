/** How a modem's model is compared: in capitals, without its maker's name in front (27.007 5.2 leaves the text to the maker). */

const makers: readonly string[] = ["SIMCOM_", "SIMCOM ", "QUECTEL_", "QUECTEL ", "U-BLOX "];

/** "SIMCOM_SIM7600E" is SIM7600E. */
export function modelName(model: string): string {
  let name = model.trim().toUpperCase();
  for (let i = 0; i < makers.length; i++) {
    const maker = makers[i] as string;
    if (name.startsWith(maker)) name = name.substring(maker.length);
  }
  return name;
}
