import type { ScaleFigures } from './scale-task.js';

/** The figures of all tasks. */
export type Measured = Readonly<
  Record<
    'one' | 'partitions' | 'topics' | 'both' | 'fewMembers' | 'members' | 'producers' | 'events' | 'tenTimes',
    ScaleFigures
  >
>;

/** What processes of several sizes take. */
export function sizeTable(measured: Measured): string {
  const rows: readonly (readonly [string, keyof Measured])[] = [
    ['a consumer of one partition', 'one'],
    ['a consumer of one topic with 500 partitions', 'partitions'],
    ['a consumer of 500 topics with 500 partitions', 'topics'],
    ['a consumer of 500 topics with 2,000 partitions', 'both'],
    ['20 members of one group', 'fewMembers'],
    ['200 members of one group', 'members'],
    ['100 producers', 'producers'],
  ];
  return [
    '| one process | start | one more member joins | memory | idle CPU | longest stall | connections |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(([what, name]) => {
      const { startMs, rebalanceMs, memoryBytes, idleCpu, stallMs, connections } = measured[name];
      const cells = [
        what,
        shown(startMs, 'ms'),
        shown(rebalanceMs, 'ms'),
        shown(memoryBytes, 'MB', 1e6),
        shown(idleCpu, '%', 1e4),
        shown(stallMs, 'ms'),
        connections ?? '–',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

/** What each event, connection, partition, topic and member takes, as differences between those processes. */
export function costTable(measured: Measured): string {
  const { one, partitions, topics, fewMembers, members, producers, events, tenTimes } = measured;
  const perEvent = (figure: 'produceCpu' | 'consumeCpu') =>
    `${((tenTimes[figure] ?? Number.NaN) / 200_000).toFixed(1)} µs`;
  const times = (figure: 'produceCpu' | 'consumeCpu') =>
    ((tenTimes[figure] ?? Number.NaN) / (events[figure] ?? Number.NaN)).toFixed(1);
  const each = (what: string, more: ScaleFigures, less: ScaleFigures, count: number) =>
    `| ${what} | ${difference(more, less, 'idleCpu', count)} µs a second | ${difference(more, less, 'memoryBytes', count * 1e3)} kB |`;
  const opened = producers.connections ?? Number.NaN;
  return [
    '| each | CPU | memory |',
    '|---|---|---|',
    `| event, produced (200,000 take ${times('produceCpu')} × the CPU of 20,000) | ${perEvent('produceCpu')} | – |`,
    `| event, consumed (200,000 take ${times('consumeCpu')} × the CPU of 20,000) | ${perEvent('consumeCpu')} | – |`,
    each('connection of a producer', producers, {}, opened),
    each('partition', partitions, one, 499),
    each('topic, besides its partitions', topics, partitions, 499),
    each('member, with its connections', members, fewMembers, 180),
  ].join('\n');
}

function difference(
  more: ScaleFigures,
  less: ScaleFigures,
  figure: 'idleCpu' | 'memoryBytes',
  count: number,
): string {
  return (((more[figure] ?? Number.NaN) - (less[figure] ?? 0)) / count).toFixed(1);
}

function shown(value: number | undefined, unit: string, divisor = 1): string {
  if (value === undefined) return '–';
  const figure = value / divisor;
  return `${figure >= 100 ? Math.round(figure).toLocaleString('en-US') : figure.toFixed(1)} ${unit}`;
}
