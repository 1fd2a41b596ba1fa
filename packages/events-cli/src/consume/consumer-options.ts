import { type ConsumerOptions, DateTime, type StartPosition } from '@openedx-ts/events-core';
import { CommandError } from '../command-error.js';
import { JsonTextError, parseJson } from '../records/json-text.js';

/** What `consume` is told of the consumer itself. */
export interface ConsumerArguments {
  readonly topics: readonly string[];
  readonly group: string;
  readonly from?: string;
  readonly extra?: string;
}

/**
 * The options of the consumer; those of `--extra` are checked by the bus.
 *
 * @throws CommandError when `--from` or `--extra` cannot be understood
 */
export function consumerOptions({ topics, group, from, extra }: ConsumerArguments): ConsumerOptions {
  if (new Set(topics).size < topics.length) throw usage('--topic: a topic is named twice');
  const further = extra === undefined ? {} : extraOptions(extra);
  if (from !== undefined && 'startFrom' in further) throw usage('--from and startFrom of --extra: give one');
  return {
    ...further,
    topics,
    groupId: group,
    ...(from === undefined ? {} : { startFrom: startPosition(from) }),
  };
}

/** `resume`, `earliest`, an ISO time, or else a position of the bus. */
export function startPosition(from: string): StartPosition {
  if (from === 'resume' || from === 'earliest') return from;
  if (!/^\d{4}-\d\d-\d\d/.test(from)) return { position: from };
  const time = timeIn(from);
  if (time === undefined || time.isNaive)
    throw usage('--from: expected a time with an offset, such as 2026-01-31T12:00:00Z');
  return { time };
}

function timeIn(text: string): DateTime | undefined {
  try {
    return DateTime.from(text);
  } catch {
    return undefined;
  }
}

function extraOptions(text: string): object {
  const json = parse(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw usage('--extra: expected a JSON object, such as {"maxAttempts": 3}');
  for (const [name, option] of Object.entries(elsewhere))
    if (Object.hasOwn(json, name)) throw usage(`--extra: ${name} is given with ${option}`);
  return json;
}

const elsewhere: Readonly<Record<string, string>> = {
  topics: '--topic',
  topic: '--topic',
  groupId: '--group',
  group_id: '--group',
  codec: 'no option: events are read as Avro',
};

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonTextError) throw usage(`--extra: ${error.message}`);
    throw error;
  }
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
