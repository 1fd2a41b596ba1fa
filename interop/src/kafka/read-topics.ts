import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A message as it lies in Kafka; bytes are hex. */
export interface StoredMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  /** In their order. */
  readonly headers: readonly (readonly [string, string | null])[];
}

/** What lies in some topics, read with a client that is not ours. */
export async function readTopics(
  python: string,
  bootstrapServers: string,
  topics: readonly string[],
): Promise<readonly StoredMessage[]> {
  const args = ['-X', 'utf8', '-B', script, bootstrapServers, ...topics];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as StoredMessage);
}

/** The text of a header; undefined where there is none of that name. */
export function headerText({ headers }: StoredMessage, name: string): string | undefined {
  const value = headers.find(([one]) => one === name)?.[1];
  return value === undefined || value === null ? undefined : Buffer.from(value, 'hex').toString();
}

const script = fileURLToPath(new URL('../../python/read_topic.py', import.meta.url));
