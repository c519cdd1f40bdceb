/**
 * A load hook behind tsx, which has esbuild define the name of every closure anew each time that one is made: V8 then keeps it as
 * a dictionary of 250 bytes. Without it an arrow function stands in stack traces by file and line alone. Nothing moves, so source maps hold.
 */
const told = 'var __name=(target,value)=>__defProp(target,"name",{value,configurable:true});';
const plain = "var __name=(target)=>target;".padEnd(told.length);

/** As Node's module hooks ask: `next` is tsx. */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  const { source } = loaded;
  if (source === undefined || source === null || !url.split("?")[0].endsWith(".ts")) return loaded;
  const text = typeof source === "string" ? source : new TextDecoder().decode(source);
  return { ...loaded, source: text.replace(told, plain) };
}
