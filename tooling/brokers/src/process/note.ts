const noted = new Set<string>();

/** Says something on stderr, once in this process: stdout belongs to the command. */
export function noteOnce(text: string, topic = text): void {
  if (noted.has(topic)) return;
  noted.add(topic);
  process.stderr.write(`${text}\n`);
}
