import {
  type ConsumerOptions,
  InvalidOptionsError,
  type Issue,
  type StartPosition,
} from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';
import { entryIdAfter, parseEntryId } from '../stream/entry-id.js';
import { consumerOptionNames, type RedisConsumerOptions } from './redis-options.js';

/** The options of the Python consumer, as its command accepts them in `--extra`, with their meaning here. */
export interface PythonConsumerOptions {
  /** The name of this member, unique in its group. Same as `consumerName`. */
  readonly consumer_name?: string;
  /**
   * Where a **new** group starts: `true` with the oldest entry, `false` with entries sent from now on. A group that exists
   * continues at its position in either case, while with `false` a Python member skips what the group has not read.
   */
  readonly check_backlog?: boolean;
  /** A **new** group starts after this entry. A group that exists is not moved, while a Python member moves it at every start. */
  readonly last_read_msg_id?: string;
  /** Same as `claimIdleMs`: entries idle for that many milliseconds are claimed; here regularly, not only at the start. */
  readonly claim_msgs_older_than?: number;
}

/** Translated options, with warnings for the operator about options that have another effect than in Python. */
export interface TranslatedOptions {
  readonly options: Omit<RedisConsumerOptions, 'url'>;
  readonly warnings: readonly string[];
}

/**
 * Translates options of the Python consumer to options of this bus; options of this bus stay as they are.
 *
 * @throws InvalidOptionsError with every issue: an unknown name, with the nearest known one, or an option that is given
 *   under both names
 */
export function fromPythonConsumerOptions(all: ConsumerOptions & PythonConsumerOptions): TranslatedOptions {
  const given = withoutNulls(all);
  const { consumer_name, check_backlog, last_read_msg_id, claim_msgs_older_than, ...options } = given;
  const issues = [...unknownNames(given), ...conflicts(given)];
  const startFrom = startOf(check_backlog, last_read_msg_id, issues);
  mustBe(consumer_name, 'consumer_name', isText, 'a text that is not empty', issues);
  mustBe(claim_msgs_older_than, 'claim_msgs_older_than', isCount, 'a whole number of milliseconds', issues);
  if (issues.length > 0) throw new InvalidOptionsError('Redis consumer', issues);
  return {
    options: {
      ...options,
      ...(consumer_name === undefined ? {} : { consumerName: consumer_name }),
      ...(claim_msgs_older_than === undefined ? {} : { claimIdleMs: claim_msgs_older_than }),
      ...(startFrom === undefined ? {} : { startFrom }),
    },
    warnings: warningsOf(given),
  };
}

/** In the JSON of `--extra`, `null` counts as not set. */
function withoutNulls<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as T;
}

const realNames: Readonly<Record<keyof PythonConsumerOptions, keyof RedisConsumerOptions>> = {
  consumer_name: 'consumerName',
  check_backlog: 'startFrom',
  last_read_msg_id: 'startFrom',
  claim_msgs_older_than: 'claimIdleMs',
};

function unknownNames(given: object): readonly Issue[] {
  const known = [...consumerOptionNames, ...Object.keys(realNames)];
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((path) => {
      const nearest = nearestName(path, known);
      return {
        path,
        message: `unknown option${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
      };
    });
}

function conflicts(given: ConsumerOptions & PythonConsumerOptions): readonly Issue[] {
  const values = given as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(realNames)
    .filter(([alias, real]) => values[alias] !== undefined && values[real] !== undefined)
    .map(([alias, real]) => ({
      path: alias,
      message: `it means the same as ${real}, which is also set: remove one of them`,
    }));
}

function startOf(
  checkBacklog: unknown,
  lastReadId: unknown,
  issues: Issue[],
): Exclude<StartPosition, { readonly time: unknown }> | undefined {
  mustBe(checkBacklog, 'check_backlog', (value) => typeof value === 'boolean', 'true or false', issues);
  // With both, Python uses the id.
  if (lastReadId !== undefined) return startAfter(lastReadId, issues);
  if (checkBacklog === undefined) return undefined;
  return checkBacklog === true ? 'earliest' : 'resume';
}

/** The position after an entry; `$` means the newest entry. */
function startAfter(id: unknown, issues: Issue[]): { readonly position: string } | 'resume' | undefined {
  if (id === '$') return 'resume';
  const parts = typeof id === 'string' ? parseEntryId(id) : undefined;
  if (parts !== undefined) return { position: entryIdAfter(parts) };
  const message = 'must be the id of an entry, such as "1679676448892-0"';
  issues.push({ path: 'last_read_msg_id', message });
  return undefined;
}

function warningsOf({ check_backlog, last_read_msg_id }: PythonConsumerOptions): readonly string[] {
  if (last_read_msg_id !== undefined) {
    return [
      'last_read_msg_id is only the start position of a new group; a group that exists is not moved, as a Python member does at every start. To replay events, consume with another groupId, or stop all members and run openedx-events replay',
    ];
  }
  if (check_backlog !== false) return [];
  return [
    'check_backlog: false makes a Python member skip what its group has not read, at every start; here a group that exists continues at its position. To skip a backlog, stop all members and run XGROUP SETID <stream> <group> $ once',
  ];
}

function mustBe(
  value: unknown,
  path: string,
  isRight: (value: unknown) => boolean,
  expected: string,
  issues: Issue[],
): void {
  if (value !== undefined && !isRight(value)) issues.push({ path, message: `must be ${expected}` });
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
