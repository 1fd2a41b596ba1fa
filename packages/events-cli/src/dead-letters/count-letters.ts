/** `2 dead letters of group mail were`, `1 dead letter of group mail would be` */
export function countLetters(count: number, groupId: string, isDryRun: boolean): string {
  const letters = `${count.toLocaleString('en-US')} ${count === 1 ? 'dead letter' : 'dead letters'}`;
  return `${letters} of group ${groupId} ${isDryRun ? 'would be' : count === 1 ? 'was' : 'were'}`;
}
