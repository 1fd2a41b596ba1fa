/** The key of the lease of a stream, for one group. */
export function leaseKey(stream: string, groupId: string): string {
  return `${stream}.${groupId}.lease`;
}
