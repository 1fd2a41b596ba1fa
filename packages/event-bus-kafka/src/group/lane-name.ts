/** `<full topic>:<partition>` */
export function laneName(fullTopic: string, partition: number): string {
  return `${fullTopic}:${partition}`;
}
