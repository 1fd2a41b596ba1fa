/** Where and when a table was measured. */
export interface Circumstances {
  readonly node: string;
  readonly processors: string;
  readonly revision: string;
  readonly date: Date;
}

/** Puts the circumstances in front of the text of a part. */
export function describedTable({ node, processors, revision, date }: Circumstances, table: string): string {
  return `Node ${node}, ${processors}, ${revision}, ${date.toISOString().slice(0, 10)}. ${table}`;
}
