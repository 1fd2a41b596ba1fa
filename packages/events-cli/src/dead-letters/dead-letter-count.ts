/** Formats a count as the subject of a sentence: `2 dead letters of group mail were`, `1 dead letter … would be`. */
export function deadLetterCount(count: number, groupId: string, isDryRun: boolean): string {
  const deadLetters = `${count.toLocaleString('en-US')} ${count === 1 ? 'dead letter' : 'dead letters'}`;
  return `${deadLetters} of group ${groupId} ${isDryRun ? 'would be' : count === 1 ? 'was' : 'were'}`;
}
