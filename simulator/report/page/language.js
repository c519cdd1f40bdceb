/** The language that a page is read in: what its reader chose before, or what the browser prefers. */

const remembered = "livlina-language";

/** One of `languages`. A browser may forbid to remember. */
export function firstLanguage(languages) {
  let chosen = null;
  try {
    chosen = localStorage.getItem(remembered);
  } catch {}
  if (languages.includes(chosen)) return chosen;
  return navigator.language.startsWith("sv") ? "sv" : "en";
}

export function rememberLanguage(language) {
  try {
    localStorage.setItem(remembered, language);
  } catch {}
}
