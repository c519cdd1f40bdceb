/** Help that commands add to the parser's own, broken to the width of the terminal as that is; examples and JSON stay as they are. */
import { wrap } from "../progress.ts";

/** Paragraphs and rows of lists that are wider are broken anew. A row's further lines stand under its words. */
export function fitHelp(text: string, width: number): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const isWide = paragraph.some((line) => line.length > width);
    lines.push(...(isWide ? [wrap(paragraph.join(" "), width, "")] : paragraph));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    if (/^\S/.test(line)) {
      paragraph.push(line);
      continue;
    }
    endParagraph();
    const [, name = "", words = ""] = /^( {2}\S+(?: \S+)*? {2,}| {2}(?! ))(.*)$/.exec(line) ?? [];
    const isKept = line.length <= width || name === "" || line.includes("livlina ");
    lines.push(
      isKept ? line : name + wrap(words, width - name.length, "").replaceAll("\n", `\n${" ".repeat(name.length)}`),
    );
  }
  endParagraph();
  return lines.join("\n");
}
