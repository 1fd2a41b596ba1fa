import { parseArgs } from 'node:util';
import type { Environment } from '@openedx-ts/events-core';
import { nearestName } from '@openedx-ts/events-core/bus';

/** The arguments of the demo. */
export interface DemoArguments {
  readonly bus: string;
  /** Number of events that the services exchange. */
  readonly events: number;
  /** Publish through an outbox, while some enrolments fail and the broker is stopped. */
  readonly outbox: boolean;
  /** One JSON object on stdout instead of a report. */
  readonly json: boolean;
  /** Show the bus in a browser, until Ctrl-C. */
  readonly console: boolean;
}

/** The arguments are invalid; the message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: npm run demo -- [--bus memory|redis|kafka] [--events N] [--outbox] [--console] [--json]

  --bus NAME    the event bus between the services (default: EVENT_BUS, else memory);
                a Redis is started unless EVENT_BUS_REDIS_CONNECTION_URL names one, a Kafka and a
                schema registry unless EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS and
                EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL do
  --events N    enrolments and unenrolments to make (default: 1000)
  --outbox      store enrolments in a database and publish their events through an outbox: some
                enrolments fail, and the broker is stopped and started again where the demo has
                started it
  --console     show the bus in a browser, and stay until Ctrl-C
  --json        print one JSON object instead of the report`;

/**
 * Reads the command line; `EVENT_BUS` is the default of `--bus`.
 *
 * @throws UsageError
 */
export function parseDemoArguments(argv: readonly string[], env: Environment): DemoArguments | 'help' {
  const { bus = env.EVENT_BUS || 'memory', events = '1000', ...flags } = valuesOf(argv);
  const { outbox = false, json = false, console = false, help = false } = flags;
  if (help) return 'help';
  if (!buses.includes(bus)) {
    const nearest = nearestName(bus, buses);
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    throw new UsageError(`there is no bus "${bus}"${hint}: use ${buses.join(', ')}`);
  }
  if (!/^[1-9]\d{0,7}$/.test(events))
    throw new UsageError('--events must be a whole number from 1 to 99999999');
  return { bus, events: Number(events), outbox, json, console };
}

const buses: readonly string[] = ['memory', 'redis', 'kafka'];

function valuesOf(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        bus: { type: 'string' },
        events: { type: 'string' },
        outbox: { type: 'boolean' },
        console: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the arguments are invalid');
  }
}
