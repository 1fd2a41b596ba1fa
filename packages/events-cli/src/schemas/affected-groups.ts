import { parseProducerConfig } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openAdmin } from '../bus/open-admin.js';
import { openBus } from '../bus/open-bus.js';
import type { CliIo } from '../terminal/cli-io.js';

/** Where to look for the groups that receive an event. */
export interface GroupsQuestion {
  readonly bus: string;
  /** Topics of all events; without them, those of `EVENT_BUS_PRODUCER_CONFIG`. */
  readonly topics: readonly string[] | undefined;
}

/**
 * Names the groups that receive these events according to a bus, one line for each event and topic.
 *
 * @throws CommandError when the bus has no admin
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function affectedGroups(
  eventTypes: readonly string[],
  { bus, topics }: GroupsQuestion,
  io: CliIo,
): Promise<readonly string[]> {
  const config = parseProducerConfig(io.env?.EVENT_BUS_PRODUCER_CONFIG || '{}');
  const topicsOf = (eventType: string) => topics ?? Object.keys(config[eventType] ?? {});
  const all = [...new Set(eventTypes.flatMap(topicsOf))];
  const groups = all.length === 0 ? new Map<string, string[]>() : await groupsOf(all, bus, io);
  return eventTypes.flatMap((eventType) => {
    const own = topicsOf(eventType);
    if (own.length === 0)
      return [`${eventType}: no topic is known: name it with -t, or its route in EVENT_BUS_PRODUCER_CONFIG`];
    return own.map((topic) => {
      const names = groups.get(topic) ?? [];
      const who = names.length === 0 ? 'no group reads' : `read by ${names.join(', ')}:`;
      return `${eventType}: ${who} topic ${topic}`;
    });
  });
}

async function groupsOf(topics: readonly string[], bus: string, io: CliIo): Promise<Map<string, string[]>> {
  using opened = await openBus(bus, io);
  const admin = await openAdmin(opened, io);
  await using _admin = closing(admin);
  const groups = new Map<string, string[]>();
  for (const { topic, groupId } of await admin.lag({ topics })) {
    const names = groups.get(topic) ?? [];
    if (!names.includes(groupId)) groups.set(topic, [...names, groupId].sort());
  }
  return groups;
}
