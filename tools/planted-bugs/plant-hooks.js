/** The module loader's hook of a planted bug (Node, `module.register`): one line of one file is another as it is loaded. */

let bug;
let isPlanted = false;

export function initialize(data) {
  bug = data;
}

/** Throws where the line is not there exactly once: then the list of bugs is out of date. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.split("?")[0].endsWith(`/${bug.file}`) || isPlanted) return loaded;
  const source = String(loaded.source);
  const places = source.split(bug.line).length - 1;
  if (places !== 1) throw new Error(`planted bug: its line stands ${places} times in ${bug.file}`);
  isPlanted = true;
  return { ...loaded, source: source.replace(bug.line, () => bug.instead) };
}
