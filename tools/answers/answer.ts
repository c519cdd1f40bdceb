/** What `--json` prints, as tables that JSON Schemas are made from. Closed: a property that is not there is never printed. */
import { z } from "zod";

/** By command ("sim run"), for one object on stdout, or for each line where a command prints many. */
export type Answers = Readonly<Record<string, z.ZodType>>;

/** A table whose values are all of type T: the compiler asks for what T has and the table lacks. */
export function answerOf<T>() {
  return <S extends z.ZodType<T>>(schema: S): S => schema;
}

export const whole = z.number().int();
export const count = whole.min(0);
/** Virtual or real milliseconds; fractions are of live measurements. */
export const ms = z.number();
export const digest = z.string().regex(/^[0-9a-f]+$/);
export const route = z.enum(["mobile", "broadband"]);
export const transport = z.enum(["udp", "tcp", "tls"]);
