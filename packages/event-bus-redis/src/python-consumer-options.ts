import {
  type ConsumerOptions,
  InvalidOptionsError,
  type Issue,
  type StartPosition,
} from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';
import { consumerOptionNames, type RedisConsumerOptions } from './redis-options.js';

/** The options of the Python consumer, as its command takes them in `--extra`, with the meaning they have here. */
export interface PythonConsumerOptions {
  /** The name of this member; unique in its group. As `consumerName`. */
  readonly consumer_name?: string;
  /**
   * Where a **new** group begins: `true` with the oldest entry there is, `false` with those sent from now on. A group that
   * exists goes on where it was in either case, while a Python member would jump over what it has not read at `false`.
   */
  readonly check_backlog?: boolean;
  /** A **new** group begins behind this entry. A group that exists is not moved, while a Python member would do so at every start. */
  readonly last_read_msg_id?: string;
  /** As `claimIdleMs`: entries that a member has not finished for that many milliseconds are taken over; here again and again, not only at the start. */
  readonly claim_msgs_older_than?: number;
}

/** Real options, and what the operator should know of those that were given. */
export interface TranslatedOptions {
  readonly options: Omit<RedisConsumerOptions, 'url'>;
  readonly warnings: readonly string[];
}

/**
 * Takes the Python names among a consumer's options for what is safe here; the others are left as they are. Names that are
 * neither are refused with the nearest one.
 *
 * @throws InvalidOptionsError with every issue, also when an option is given under both names
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

/** `null` stands for nothing in the JSON of `--extra`. */
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
      message: `it stands for ${real}, which is given, too: keep one`,
    }));
}

function startOf(
  checkBacklog: unknown,
  lastReadId: unknown,
  issues: Issue[],
): Exclude<StartPosition, { readonly time: unknown }> | undefined {
  mustBe(checkBacklog, 'check_backlog', (value) => typeof value === 'boolean', 'true or false', issues);
  // With both, Python takes the id.
  if (lastReadId !== undefined) return behind(lastReadId, issues);
  if (checkBacklog === undefined) return undefined;
  return checkBacklog === true ? 'earliest' : 'resume';
}

/** The position of the entry behind one. */
function behind(id: unknown, issues: Issue[]): { readonly position: string } | 'resume' | undefined {
  if (id === '$') return 'resume';
  const match = typeof id === 'string' ? /^(\d{1,15})(?:-(\d{1,19}))?$/.exec(id) : null;
  if (match !== null) return { position: `${match[1]}-${BigInt(match[2] ?? 0) + 1n}` };
  const message = 'must be the id of an entry, such as "1679676448892-0"';
  issues.push({ path: 'last_read_msg_id', message });
  return undefined;
}

function warningsOf({ check_backlog, last_read_msg_id }: PythonConsumerOptions): readonly string[] {
  if (last_read_msg_id !== undefined) {
    return [
      'last_read_msg_id says where a new group begins; a group that exists is not moved, as a Python member would do at every start. To replay, consume with another groupId, or stop all members and run XGROUP SETID once',
    ];
  }
  if (check_backlog !== false) return [];
  return [
    'check_backlog: false makes a Python member jump over what its group has not read, at every start; here the group goes on where it was. To skip a backlog, stop all members and run XGROUP SETID <stream> <group> $ once',
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
