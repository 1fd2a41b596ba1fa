/** How many entries the first page of a stream has: the entries may be large. */
export const FIRST_PAGE = 16;

/**
 * How many entries the next page should have to fill about a megabyte, if they are like these; at most twice as many as
 * before, because the next may be large, and at most 1,000.
 *
 * @param page the fields of each entry of the page
 * @param count how many entries that page could have
 */
export function nextPageCount(page: readonly (readonly Buffer[])[], count: number): number {
  const bytes = page.reduce((sum, fields) => fields.reduce((part, { length }) => part + length, sum), 0);
  const fitting = Math.floor((PAGE_BYTES * page.length) / Math.max(1, bytes));
  return Math.max(1, Math.min(fitting, count * 2, MAX_PAGE));
}

const MAX_PAGE = 1_000;
const PAGE_BYTES = 1_000_000;
