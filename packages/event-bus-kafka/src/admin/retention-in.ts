import type { TopicRetention } from '@openedx-ts/events-core/operate';
import type { OrReason } from './or-reason.js';

/** How long a topic keeps messages according to its configuration; undefined when that could not be read. */
export function retentionIn(config: OrReason<ReadonlyMap<string, string>>): TopicRetention | undefined {
  if ('reason' in config) return undefined;
  const deletes = (config.get('cleanup.policy') ?? 'delete').split(',').includes('delete');
  const limitIn = (name: string) => {
    const limit = Number(config.get(name) ?? -1);
    return deletes && Number.isFinite(limit) && limit >= 0 ? limit : null;
  };
  return { maxAgeMs: limitIn('retention.ms'), maxBytes: limitIn('retention.bytes'), maxMessages: null };
}
