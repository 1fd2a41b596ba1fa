import { defaultProducerConfig } from '@openedx-ts/events-catalog/producer-config';
import { mergeProducerConfigs, type ProducerConfig } from '@openedx-ts/events-core';
import { parseProducerConfig } from '@openedx-ts/events-core/operate';
import { type AsyncApiOptions, asyncApiDocument, type RoutedEvent } from '../asyncapi/asyncapi-document.js';
import type { AsyncApiBus } from '../asyncapi/message-of.js';
import { catalogNames } from '../catalog/catalog-names.js';
import { constantName } from '../definitions/named-event.js';
import { selectSignals } from '../schemas/select-signals.js';
import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';

/** Options of `export asyncapi`. */
export interface ExportAsyncApiOptions extends Omit<AsyncApiOptions, 'env' | 'bus'> {
  readonly types: readonly string[];
  readonly own: boolean;
  readonly all: boolean;
  /** Undefined: the one of `EVENT_BUS`, or Kafka. */
  readonly bus: AsyncApiBus | undefined;
}

/**
 * Writes an AsyncAPI document of events and their routes: those of `EVENT_BUS_PRODUCER_CONFIG`, and for events that it does
 * not name those that the catalogue suggests.
 *
 * @throws CommandError when a type is unknown, or nothing selects events
 */
export async function exportAsyncApi(
  options: ExportAsyncApiOptions,
  names: SignalNames,
  io: CliIo,
): Promise<void> {
  const { env = {} } = io;
  const own = parseProducerConfig(env.EVENT_BUS_PRODUCER_CONFIG || '{}');
  const signals = await selectSignals(selectionOf(options, own));
  const known = new Map([...(await catalogNames()), ...names]);
  const config = parseProducerConfig(mergeProducerConfigs(defaultProducerConfig, own));
  const events = signals.map((signal): RoutedEvent => {
    const { eventType } = signal;
    const isRouted = own[eventType] !== undefined;
    const routes = Object.entries((isRouted ? own : config)[eventType] ?? {});
    const used = routes.filter(([, { enabled }]) => enabled || !isRouted);
    return {
      signal,
      name: known.get(eventType) ?? constantName(eventType),
      keyFieldByTopic: new Map(used.map(([topic, { event_key_field: field }]) => [topic, field])),
    };
  });
  const bus = options.bus ?? (env.EVENT_BUS?.includes('redis') === true ? 'redis' : 'kafka');
  const document = asyncApiDocument(events, { ...options, bus, env });
  const output = lineWriter(io);
  for (const line of JSON.stringify(document, null, 2).split('\n')) await output.line(line);
  await output.flush();
}

/** Without types, `--own` and `--all`: the events that the application sends. */
function selectionOf(
  { types, own, all }: ExportAsyncApiOptions,
  config: ProducerConfig,
): readonly string[] | 'all' | 'own' {
  if ([types.length > 0, own, all].filter(Boolean).length > 1)
    throw new CommandError('CLI_USAGE', 'give either event types, --own or --all');
  if (all) return 'all';
  if (own) return 'own';
  if (types.length > 0) return types;
  const routed = Object.keys(config).filter((eventType) =>
    Object.values(config[eventType] ?? {}).some(({ enabled }) => enabled),
  );
  if (routed.length > 0) return routed;
  throw new CommandError(
    'CLI_USAGE',
    'EVENT_BUS_PRODUCER_CONFIG enables no route: set it, or give event types, --own or --all',
  );
}
