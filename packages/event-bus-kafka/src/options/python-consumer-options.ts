import { type ConsumerOptions, DateTime } from '@openedx-ts/events-core';
import { anything, type OptionRules, runtime } from '@openedx-ts/events-core/bus';

/** The options of the Python consumer, as its command accepts them in `--extra`, with their meaning here. */
export interface PythonConsumerOptions {
  /**
   * Same as `startFrom: { time }`, as ISO text; UTC unless it has an offset. In Python it moves a group and consumes
   * nothing; here a **new** group starts there, and one that exists continues at its position. @defaultValue none
   */
  readonly offset_time?: string | undefined;
}

/** The rules of `PythonConsumerOptions`. */
export const pythonConsumerRules: OptionRules<Required<PythonConsumerOptions>> = {
  offset_time: {
    ...anything<string | undefined>(undefined),
    problem: (value) =>
      isTime(value) ? undefined : 'must be a time in ISO form, such as 2026-01-31T06:00:00+00:00',
  },
};

/** The start position that the options of the Python consumer mean; undefined for none. */
export function startFromPython({
  offset_time: offsetTime,
}: PythonConsumerOptions): { readonly time: Date } | undefined {
  return isTime(offsetTime) ? { time: timeOf(offsetTime) } : undefined;
}

/** Logs options that have another effect than in Python. */
export function warnOfPythonOptions(
  options: PythonConsumerOptions & Pick<ConsumerOptions, 'groupId' | 'topics'>,
): void {
  const { groupId, topics } = options;
  if (options.offset_time === undefined) return;
  runtime().logger.warn(
    { groupId, topics },
    'offset_time is only the start position of a new group. To move a group that exists, stop it and reset its offsets, or use another groupId.',
  );
}

function isTime(value: unknown): value is string {
  try {
    return typeof value === 'string' && timeOf(value) instanceof Date;
  } catch {
    return false;
  }
}

function timeOf(text: string): Date {
  const time = DateTime.parse(text);
  return (time.isNaive ? DateTime.parse(`${text}+00:00`) : time).toDate();
}
