/** Tables as RFC 4180 has them, and as spreadsheets of several countries write them. */

/** A cell that begins like a formula gets an apostrophe, since spreadsheets would run it. */
export function csvRow(cells: readonly string[]): string {
  const escaped = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  });
  return `${escaped.join(",")}\r\n`;
}

/** Rows with the line that each begins on, from 1. Cells with quotes may hold the separator and line ends. The separator is the one that the first line has more of. */
export function csvRows(text: string): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const head = body.slice(0, (body.indexOf("\n") + 1 || body.length + 1) - 1);
  const separator = head.split(";").length > head.split(",").length ? ";" : ",";
  const rows: { line: number; cells: string[] }[] = [];
  let row = { line: 1, cells: [""] };
  let line = 1;
  let quoted = false;
  for (let at = 0; at < body.length; at++) {
    const char = body.charAt(at);
    const last = row.cells.length - 1;
    if (char === "\n") line++;
    if (char === '"') {
      if (quoted && body.charAt(at + 1) === '"') {
        row.cells[last] += '"';
        at++;
      } else quoted = !quoted;
    } else if (quoted) row.cells[last] += char;
    else if (char === separator) row.cells.push("");
    else if (char === "\n") {
      rows.push(row);
      row = { line, cells: [""] };
    } else if (char !== "\r") row.cells[last] += char;
  }
  if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
  return rows;
}
