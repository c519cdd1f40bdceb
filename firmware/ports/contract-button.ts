/** The checks of a wrist button's host. */
import { held, type PortCheck, verdictOf } from "./contract.ts";
import { coreChecks } from "./contract-core.ts";
import type { ButtonHost } from "./host.ts";

const ownChecks: readonly PortCheck<ButtonHost>[] = [
  {
    name: "contact: opens and closes",
    begin: (bench, done) => {
      bench.host.openContact({ onChange: () => {} }).close();
      done(held);
    },
  },
  {
    name: "battery: a voltage of one or two cells",
    begin: (bench, done) => {
      const mv = bench.host.batteryMv();
      done(verdictOf(mv === Math.floor(mv) && mv >= 1_000 && mv <= 4_500, mv + " mV"));
    },
  },
  {
    name: "signals: each can be shown",
    begin: (bench, done) => {
      const signals = bench.host.signals;
      signals.show("sent");
      signals.show("received");
      signals.show("accepted");
      signals.show("given-up");
      signals.show("joining");
      signals.show("joined");
      signals.show("of-no-use");
      signals.show("fall-felt");
      done(held);
    },
  },
];

export const buttonContract: readonly PortCheck<ButtonHost>[] = (coreChecks as readonly PortCheck<ButtonHost>[]).concat(
  ownChecks,
);
