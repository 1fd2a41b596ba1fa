import type { SettingReader } from '@openedx-ts/events-core/bus';
import { nodeAddress } from '../driver/node-address.js';
import type { RedisDriverOptions } from '../driver/redis-driver-options.js';

/**
 * Reads from environment variables, which do not exist in Python, where the Sentinels are: `EVENT_BUS_REDIS_SENTINELS`,
 * as `host:port` separated by commas, `EVENT_BUS_REDIS_SENTINEL_PRIMARY`, the name of the primary, and our login there,
 * `EVENT_BUS_REDIS_SENTINEL_USERNAME` and `…_SENTINEL_PASSWORD`.
 *
 * @returns undefined when none is set
 */
export function redisSentinelSettings(
  read: SettingReader,
): Pick<RedisDriverOptions, 'sentinels' | 'name' | 'sentinelUsername' | 'sentinelPassword'> | undefined {
  const list = read.text(SENTINELS);
  const name = read.text(PRIMARY);
  const sentinelUsername = read.text('EVENT_BUS_REDIS_SENTINEL_USERNAME');
  const sentinelPassword = read.text('EVENT_BUS_REDIS_SENTINEL_PASSWORD');
  if (list === undefined) {
    for (const given of [name, sentinelUsername, sentinelPassword])
      if (given !== undefined) read.wrong(SENTINELS, 'is missing beside the other settings of Sentinels');
    return undefined;
  }
  const sentinels = list.split(',').map((text) => nodeAddress(text.trim()));
  if (sentinels.includes(undefined)) read.wrong(SENTINELS, 'must be host:port, several separated by commas');
  if (name === undefined) read.wrong(PRIMARY, `is missing beside ${SENTINELS}`);
  return {
    sentinels: sentinels.flatMap((sentinel) => sentinel ?? []),
    name: name ?? '',
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  };
}

const SENTINELS = 'EVENT_BUS_REDIS_SENTINELS';
const PRIMARY = 'EVENT_BUS_REDIS_SENTINEL_PRIMARY';
