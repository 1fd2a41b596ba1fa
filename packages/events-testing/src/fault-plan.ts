import { InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import { seededRandom } from './seeded-random.js';

/**
 * What happens to a send on purpose:
 * - `pass`: nothing, it is sent;
 * - `drop`: the broker accepts it, and does not store it;
 * - `duplicate`: it is sent twice;
 * - `hold`: it waits until `release()`;
 * - `swap`: it is sent behind the next send that passes, or at `release()`;
 * - `refuse`: it is not sent, and rejects for good;
 * - `unavailable`: it is not sent, and rejects with an error that is `retryable`;
 * - `lose-answer`: it is sent, and rejects as if the answer had been lost.
 */
export type Fault = (typeof faults)[number];

const faults = ['pass', 'drop', 'duplicate', 'hold', 'swap', 'refuse', 'unavailable', 'lose-answer'] as const;

/** Which sends suffer what: a list, one item a send and `pass` after its end, or chances drawn from a seed. */
export type FaultPlan =
  | readonly Fault[]
  | {
      /** The same seed gives the same faults in the same order. */
      readonly seed: number;
      /** The chance of each fault, in [0, 1], together at most 1; the rest passes. */
      readonly chances: Readonly<Partial<Record<Exclude<Fault, 'pass'>, number>>>;
    };

/**
 * The faults of a plan, one a call.
 *
 * @throws InvalidOptionsError with every issue
 */
export function faultsOf(plan: FaultPlan): () => Fault {
  const issues = isScript(plan) ? plan.flatMap(scriptIssues) : chanceIssues(plan.chances);
  if (issues.length > 0) throw new InvalidOptionsError('fault plan', issues);
  if (isScript(plan)) {
    const script = plan.values();
    return () => script.next().value ?? 'pass';
  }
  const random = seededRandom(plan.seed);
  const chances = Object.entries(plan.chances) as [Fault, number][];
  return () => {
    let left = random();
    for (const [fault, chance] of chances) {
      left -= chance;
      if (left < 0) return fault;
    }
    return 'pass';
  };
}

function isScript(plan: FaultPlan): plan is readonly Fault[] {
  return Array.isArray(plan);
}

function scriptIssues(fault: Fault, index: number): Issue[] {
  return isFault(fault) ? [] : [{ path: String(index), message: `must be one of ${faults.join(', ')}` }];
}

function chanceIssues(chances: Readonly<Partial<Record<string, number>>>): Issue[] {
  const issues: Issue[] = [];
  let sum = 0;
  for (const [fault, chance = 0] of Object.entries(chances)) {
    sum += chance;
    if (fault === 'pass' || !isFault(fault))
      issues.push({ path: `chances.${fault}`, message: 'is no fault' });
    if (!(chance >= 0 && chance <= 1))
      issues.push({ path: `chances.${fault}`, message: 'must be a number from 0 to 1' });
  }
  if (sum > 1) issues.push({ path: 'chances', message: 'must be at most 1 together' });
  return issues;
}

function isFault(name: string): name is Fault {
  return (faults as readonly string[]).includes(name);
}
