/**
 * Modules of the Moddable SDK that its published typings lack or describe too loosely, as far as `engine.ts` names them. The others are those of
 * `@moddable/typings`, and the compiler holds our shapes against them.
 */
/// <reference path="../../../node_modules/@moddable/typings/embedded_io/_common.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/embedded_io/serial.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/embedded_io/digital.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/embedded_io/socket/tcp.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/embedded_io/system.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/net.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/preference.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/time.d.ts" />
/// <reference path="../../../node_modules/@moddable/typings/timer.d.ts" />

declare module "embedded:io/spi" {
  const SPI: import("./ecma419.ts").SpiIo;
  export default SPI;
}
declare module "embedded:io/socket/udp" {
  const UDP: import("./ecma419.ts").UdpIo;
  export default UDP;
}
declare module "embedded:io/socket/tcp/tls" {
  const TlsSocket: import("./ecma419.ts").TlsIo;
  export default TlsSocket;
}
declare module "embedded:storage/flash" {
  const flash: import("./ecma419.ts").FlashIo;
  export default flash;
}
declare module "embedded:network/interface/ethernet" {
  const Ethernet: import("./ecma419.ts").NetworkIo;
  export default Ethernet;
}
declare module "crypt" {
  const crypt: import("./secrets.ts").CryptModule;
  export default crypt;
}
declare module "resetReason" {
  export default function resetReason(): { readonly reason: number };
}
declare module "rng" {
  const random: import("./secrets.ts").RandomModule;
  export default random;
}
