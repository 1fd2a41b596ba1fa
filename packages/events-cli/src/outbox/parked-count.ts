/** Formats a count as the subject of a sentence: `2 parked events were`, `1 parked event would be`. */
export function parkedCount(count: number, isDryRun: boolean): string {
  const events = `${count.toLocaleString('en-US')} ${count === 1 ? 'parked event' : 'parked events'}`;
  return `${events} ${isDryRun ? 'would be' : count === 1 ? 'was' : 'were'}`;
}
