/** `1,000 events accepted on orders` */
export function countText(accepted: number, topic: string): string {
  return `${accepted.toLocaleString('en-US')} ${accepted === 1 ? 'event' : 'events'} accepted on ${topic}`;
}
