import type { AnyResult, RunRecord } from '../results/run-record.js';

/** The run that counts for a scenario on a bus: the newest in full size, or the newest short one while there is none. */
export function runThatCounts<Result extends AnyResult>(
  records: readonly RunRecord<Result>[],
  scenario: string,
  bus: string,
): RunRecord<Result> | undefined {
  const runs = records
    .filter(({ result }) => result.scenario === scenario && result.bus === bus)
    .sort((one, other) => Date.parse(one.date) - Date.parse(other.date));
  return runs.findLast(({ size }) => size === 'full') ?? runs.at(-1);
}
