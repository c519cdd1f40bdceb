/** The board's data in a bundle: no file, but a module that the bundler makes from `firmware/boards`, whole or in its parts. */
declare module "livlina:board" {
  type Wiring = import("./board.ts").BoardWiring;
  export const board: Wiring;
  export const name: Wiring["name"];
  export const hardware: Wiring["hardware"];
  export const version: Wiring["version"];
  export const commit: Wiring["commit"];
  export const pins: Wiring["pins"];
  export const lines: Wiring["lines"];
  export const modem: Wiring["modem"];
  export const network: Wiring["network"];
  export const radio: Wiring["radio"];
  export const journal: Wiring["journal"];
  export const factory: Wiring["factory"];
}

/** The block cipher that the board's engine needs: its own, or ours. */
declare module "livlina:cipher" {
  export function cipherOf(key: Uint8Array): import("../ports/secrets.ts").BlockCipher;
}
