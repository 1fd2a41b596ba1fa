import type { ConsumerOptions } from '@openedx-ts/events-core';
import { startPosition } from '../bus/start-position.js';
import { JsonTextError, parseJson } from '../records/json-text.js';
import { CommandError } from '../terminal/command-error.js';

/** The options of `consume` that concern the consumer itself. */
export interface ConsumerArguments {
  readonly topics: readonly string[];
  readonly group: string;
  readonly from?: string;
  readonly extra?: string;
}

/**
 * Builds the options of the consumer. Those of `--extra` are checked by the bus.
 *
 * @throws CommandError when `--from` or `--extra` is malformed
 */
export function consumerOptions({ topics, group, from, extra }: ConsumerArguments): ConsumerOptions {
  if (new Set(topics).size < topics.length) throw usage('--topic: a topic is given twice');
  const further = extra === undefined ? {} : extraOptions(extra);
  if (from !== undefined && 'startFrom' in further)
    throw usage('--from and startFrom of --extra: give one of the two');
  return {
    ...further,
    topics,
    groupId: group,
    ...(from === undefined ? {} : { startFrom: startPosition(from) }),
  };
}

function extraOptions(text: string): object {
  const json = parse(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw usage('--extra: expected a JSON object, such as {"maxAttempts": 3}');
  for (const [name, option] of Object.entries(optionsElsewhere))
    if (Object.hasOwn(json, name)) throw usage(`--extra: ${name} is not an option here: ${option}`);
  return json;
}

const optionsElsewhere: Readonly<Record<string, string>> = {
  topics: 'give --topic',
  topic: 'give --topic',
  groupId: 'give --group',
  group_id: 'give --group',
  codec: 'events are read as Avro',
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
