/** A row of the matrix: an event type, and how it went in each direction. */
export interface MatrixRow {
  readonly eventType: string;
  readonly toPython: string;
  readonly toTypeScript: string;
  /** What Python is known to lose, or why there is no test. */
  readonly remarks: readonly string[];
}

/** The matrix as text for people. */
export function matrixText(title: string, rows: readonly MatrixRow[]): string {
  const header = ['event type', 'TS → Python', 'Python → TS', 'known Python losses'];
  const cells = rows.map(({ eventType, toPython, toTypeScript, remarks }) => [
    eventType,
    toPython,
    toTypeScript,
    remarks.join(', ') || '–',
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...cells].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 3 ? cell : cell.padEnd(widths[column] ?? 0))).join(' | ');
  return ['', title, line(header), ...cells.map(line), ''].join('\n');
}
