/** `<full topic>:<partition>` */
export function laneName(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
