import { expect, test } from "vitest";
import { together, type Witness } from "./witness.ts";

test("each is told everything, in the order named, and whoever does not care is passed over", () => {
  const told: string[] = [];
  const all = (name: string): Witness => ({
    started: (atMs, unit) => told.push(`${name} started ${atMs} ${unit}`),
    pressed: (atMs, unit, button) => told.push(`${name} pressed ${atMs} ${unit} ${button}`),
    buttonShowed: (atMs, unit, button, signal) => told.push(`${name} button ${atMs} ${unit} ${button} ${signal}`),
    unitShowed: (atMs, unit, signal) => told.push(`${name} unit ${atMs} ${unit} ${signal}`),
    stepped: (atMs, unit, machine) => told.push(`${name} stepped ${atMs} ${unit} ${machine}`),
    datagram: (atMs, unit, route, direction) => told.push(`${name} datagram ${atMs} ${unit} ${route} ${direction}`),
    receiverTold: (atMs, receiver) => told.push(`${name} told ${atMs} ${receiver}`),
    receiverSigned: (atMs, receiver, sign) => told.push(`${name} signed ${atMs} ${receiver} ${sign.type}`),
  });
  const both = together([all("a"), {}, all("b")]);
  both.started(1, 2);
  both.pressed(1, 2, 3);
  both.buttonShowed(1, 2, 3, "sent");
  both.unitShowed(1, 2, "ready");
  both.stepped(1, 2, "alarm", {}, []);
  both.datagram(1, 2, "mobile", "sent", new Uint8Array(0));
  both.receiverTold(1, 2, {} as never);
  both.receiverSigned(1, 2, { type: "probed", cid: "" });
  const lines = [
    "started 1 2",
    "pressed 1 2 3",
    "button 1 2 3 sent",
    "unit 1 2 ready",
    "stepped 1 2 alarm",
    "datagram 1 2 mobile sent",
    "told 1 2",
    "signed 1 2 probed",
  ];
  expect(told).toEqual(lines.flatMap((line) => [`a ${line}`, `b ${line}`]));
});
