import type { TopicRetention } from '@openedx-ts/events-core/operate';
import type { OrReason } from './or-reason.js';

/** Returns the limits of a topic according to its configuration; undefined when that could not be read. */
export function topicRetention(config: OrReason<ReadonlyMap<string, string>>): TopicRetention | undefined {
  if ('reason' in config) return undefined;
  const limitIn = (name: string) => {
    const limit = Number(config.get(name) ?? -1);
    return isDeleting(config) && Number.isFinite(limit) && limit >= 0 ? limit : null;
  };
  return { maxAgeMs: limitIn('retention.ms'), maxBytes: limitIn('retention.bytes'), maxMessages: null };
}

/** Returns how long a topic keeps messages, in milliseconds; undefined when that is not known, `Infinity` for no limit. */
export function retentionMsOf(config: OrReason<ReadonlyMap<string, string>>): number | undefined {
  if ('reason' in config) return undefined;
  const isUnknown = isDeleting(config) && Number.isNaN(Number(config.get('retention.ms') ?? Number.NaN));
  return isUnknown ? undefined : (topicRetention(config)?.maxAgeMs ?? Number.POSITIVE_INFINITY);
}

/** A topic that is only compacted keeps the last message of each key, whatever its other settings are. */
function isDeleting(config: ReadonlyMap<string, string>): boolean {
  return (config.get('cleanup.policy') ?? 'delete').split(',').includes('delete');
}
