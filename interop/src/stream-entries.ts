import { Redis } from 'ioredis';

/** The fields of a stream entry: names and values, in order. */
export type Entry = readonly (readonly [string, Buffer])[];

/** The entries of some streams as they lie in Redis, by event id. */
export async function entriesById(
  url: string,
  streams: readonly string[],
): Promise<ReadonlyMap<string, Entry>> {
  const client = new Redis(url, { protocol: 2 });
  const entries = new Map<string, Entry>();
  for (const stream of streams) {
    for (const [, fields] of await client.xrangeBuffer(stream, '-', '+')) {
      const names = fields.filter((_, index) => index % 2 === 0).map(String);
      const entry = names.map((name, index) => [name, fields[2 * index + 1] as Buffer] as const);
      entries.set(String(entry.find(([name]) => name === 'id')?.[1]), entry);
    }
  }
  client.disconnect();
  return entries;
}

/** The bytes of an entry's record, as hex. */
export function recordIn(entry: Entry): string | undefined {
  return entry.find(([name]) => name === 'event_data')?.[1].toString('hex');
}
