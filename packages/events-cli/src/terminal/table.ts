import { escapeUnprintable } from '@openedx-ts/events-core/bus';

/** Formats rows under a header with aligned columns, each row one printable line; lines longer than `width` characters are cut. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const all = [head, ...rows.map((row) => row.map(escapeUnprintable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => {
    const cells = row.map((cell, column) =>
      column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell,
    );
    return cut(cells.join('  ').trimEnd(), width);
  });
}

function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}
