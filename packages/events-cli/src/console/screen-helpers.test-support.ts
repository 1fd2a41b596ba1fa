import { type ConsoleBench, topic } from './console-bench.test-support.js';

export interface Lag {
  readonly group: string;
  readonly lag: number;
}
export interface Line {
  readonly metadata: { readonly id: string };
  readonly data: { readonly enrollment: { readonly mode: string } };
  readonly position: string;
}
export interface Where {
  readonly position: string;
  readonly groups: readonly { readonly group: string; readonly state: string }[];
}
export interface List {
  readonly count: number;
  readonly codes: readonly { readonly code: string; readonly count: number }[];
}

let readers = 0;
/** Every event of the topic. */
export async function consumed({ lines }: ConsoleBench, count = 12): Promise<readonly Line[]> {
  readers += 1;
  return lines<Line>(
    'consume',
    '-t',
    topic,
    '-g',
    `look-${readers}`,
    '--from',
    'earliest',
    '--count',
    String(count),
  );
}

export async function shownLag({ page }: ConsoleBench, group: string): Promise<number> {
  const row = page.locator('tr', { has: page.getByRole('link', { name: group, exact: true }) });
  return Number(await row.locator('td.number').first().textContent());
}

export async function lagOf({ lines }: ConsoleBench, group: string): Promise<number> {
  const lags = await lines<Lag>('lag', '-t', topic, '-g', group, '--json');
  return lags.reduce((sum, { lag }) => sum + lag, 0);
}
