import { describe, expect, it } from 'vitest';
import type { RedisCommand } from '../driver/redis-command.js';
import { entryPages } from './entry-pages.js';

/** A stream of entries of one size, with the ids 1-0, 2-0 and so on. */
function streamOf(entries: number, bytes: number) {
  const counts: number[] = [];
  const call = async (command: RedisCommand) => {
    const [, , start, , , count] = command.map(String);
    const from = start === '-' ? 0 : Number.parseInt((start as string).slice(1), 10);
    counts.push(Number(count));
    const length = Math.min(Number(count), entries - from);
    return Array.from({ length }, (_, index) => [
      Buffer.from(`${from + index + 1}-0`),
      [Buffer.from('a'), Buffer.alloc(bytes)],
    ]);
  };
  return { call, counts };
}

async function idsOf(call: ReturnType<typeof streamOf>['call']): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of entryPages(call, 's', '-', '+')) ids.push(...page.map(([id]) => String(id)));
  return ids;
}

describe('entryPages', () => {
  it.each([0, 1, 16, 17, 5_000])('reads every one of %i entries once, in order', async (entries) => {
    const { call } = streamOf(entries, 10);
    expect(await idsOf(call)).toEqual(Array.from({ length: entries }, (_, index) => `${index + 1}-0`));
  });

  it('reads small entries in large pages', async () => {
    const { call, counts } = streamOf(5_000, 10);
    await idsOf(call);
    expect(Math.max(...counts)).toBe(1_000);
    expect(counts.length).toBeLessThan(12);
  });

  it('reads no page of more than a few megabytes, however large entries are', async () => {
    const { call, counts } = streamOf(100, 200_000);
    await idsOf(call);
    expect(counts[0]).toBe(16);
    expect(counts.slice(1).every((count) => count <= 5)).toBe(true);
  });
});
