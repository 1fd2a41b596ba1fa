/** Formats how many events the broker has accepted: `1,000 events accepted on orders`. */
export function acceptedText(accepted: number, topic: string): string {
  return `${accepted.toLocaleString('en-US')} ${accepted === 1 ? 'event' : 'events'} accepted on ${topic}`;
}
