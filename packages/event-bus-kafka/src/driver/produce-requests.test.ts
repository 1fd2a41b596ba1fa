import { describe, expect, it } from 'vitest';
import { ProduceRequests } from './produce-requests.js';
import type { BatchToProduce } from './protocol/produce.js';

const batch = (partition: number, length = 10): BatchToProduce => ({
  topic: 't',
  partition,
  bytes: { length } as Buffer,
});

function requests() {
  const sent: (readonly [node: number, partitions: readonly number[]])[] = [];
  const made = new ProduceRequests(async (node, batches) => {
    sent.push([node, batches.map(({ partition }) => partition)]);
    return batches.map(({ topic, partition }) => ({
      answer: { topic, partition, errorCode: 0, baseOffset: partition * 10, errorMessage: null },
    }));
  });
  return { sent, made };
}

describe('ProduceRequests', () => {
  it('sends what is given together in one request a broker, and each caller gets its own outcome', async () => {
    const { sent, made } = requests();
    const given = [
      [1, 0],
      [2, 1],
      [1, 2],
    ] as const;
    const outcomes = await Promise.all(
      given.map(([node, partition]) => made.produce(node, batch(partition))),
    );
    expect(sent).toStrictEqual([
      [1, [0, 2]],
      [2, [1]],
    ]);
    expect(outcomes).toMatchObject([
      { answer: { baseOffset: 0 } },
      { answer: { baseOffset: 10 } },
      { answer: { baseOffset: 20 } },
    ]);
    await made.produce(1, batch(0));
    expect(sent.at(-1)).toStrictEqual([1, [0]]);
  });

  it('makes no request that a broker refuses because of its size', async () => {
    const { sent, made } = requests();
    const half = 50 * 1024 * 1024;
    await Promise.all([0, 1, 2].map((partition) => made.produce(1, batch(partition, half))));
    expect(sent.map(([, partitions]) => partitions)).toStrictEqual([[0], [1], [2]]);
  });
});
