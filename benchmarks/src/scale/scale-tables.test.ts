import { expect, it } from 'vitest';
import { costTable, type Measured, sizeTable } from './scale-tables.js';

const nothing = {};
const measured: Measured = {
  one: { startMs: 90, rebalanceMs: 8, memoryBytes: 20e6, idleCpu: 1_000, stallMs: 12.34, connections: 2 },
  partitions: { memoryBytes: 25e6, idleCpu: 3_495 },
  topics: { memoryBytes: 29.99e6, idleCpu: 3_495 },
  both: nothing,
  fewMembers: { memoryBytes: 30e6, idleCpu: 2_000 },
  members: { memoryBytes: 120e6, idleCpu: 92_000 },
  producers: { memoryBytes: 40e6, idleCpu: 5_000, connections: 100 },
  events: { produceCpu: 400_000, consumeCpu: 300_000 },
  tenTimes: { produceCpu: 4_000_000, consumeCpu: 2_400_000 },
};

it('shows what a process takes, and a dash for what was not measured', () => {
  const rows = sizeTable(measured).split('\n');
  expect(rows).toContain(
    '| a consumer of one partition | 90.0 ms | 8.0 ms | 20.0 MB | 0.1 % | 12.3 ms | 2 |',
  );
  expect(rows).toContain('| a consumer of 500 topics with 2,000 partitions | – | – | – | – | – | – |');
});

it('computes what each takes from processes of two sizes', () => {
  expect(costTable(measured).split('\n').slice(2)).toEqual([
    '| event, produced (200,000 take 10.0 × the CPU of 20,000) | 20.0 µs | – |',
    '| event, consumed (200,000 take 8.0 × the CPU of 20,000) | 12.0 µs | – |',
    '| connection of a producer | 50.0 µs a second | 400.0 kB |',
    '| partition | 5.0 µs a second | 10.0 kB |',
    '| topic, besides its partitions | 0.0 µs a second | 10.0 kB |',
    '| member, with its connections | 500.0 µs a second | 500.0 kB |',
  ]);
});
