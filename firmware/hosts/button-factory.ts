/** A button's factory page: its address on the radio, what it is, and the key on its label. */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { type ButtonForm, buttonForms } from "../../protocol/radio/button-flags.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";
import { factoryPage, readFactoryPage } from "./factory-page.ts";

export interface ButtonFactory {
  readonly address: number;
  readonly form: ButtonForm;
  /** 16 bytes, as on its label. */
  readonly label: Uint8Array;
}

const labelLength = 16;
const payloadLength = 4 + 1 + labelLength;

export function buttonFactoryPage(factory: ButtonFactory): Uint8Array {
  if (factory.label.length !== labelLength) throw new Error("factory page: a label key is 16 bytes");
  const to = new Writer(new Uint8Array(payloadLength));
  to.u32(factory.address);
  to.u8(buttonForms.indexOf(factory.form));
  to.put(factory.label);
  return factoryPage("button", to.written());
}

export function readButtonFactory(sector: Uint8Array): Result<ButtonFactory> {
  const page = readFactoryPage(sector, "button");
  if (!page.ok) return bad(page.fault);
  if (page.value.length !== payloadLength)
    return bad({ kind: "malformed", at: 4, what: "the length of a button's data" });
  const from = new Reader(page.value, 0, payloadLength);
  const address = from.u32();
  const code = from.u8();
  const form = buttonForms[code];
  if (form === undefined) return bad({ kind: "unknown-value", at: 10, field: "form", value: code });
  const label = new Uint8Array(labelLength);
  label.set(from.view(labelLength));
  return ok({ address, form, label });
}
