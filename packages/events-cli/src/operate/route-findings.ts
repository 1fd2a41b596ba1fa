import {
  type OpenEdxPublicSignal,
  type ProducerConfig,
  ProducerConfigurationError,
  type RouteMode,
} from '@openedx-ts/events-core';
import {
  keyPathsIn,
  nearestName,
  okFinding,
  problemFinding,
  resolveKeyPath,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import { type Finding, parseProducerConfig } from '@openedx-ts/events-core/operate';
import { knownSignal } from '../signals/known-signals.js';
import { CommandError } from '../terminal/command-error.js';

/**
 * Checks whether `EVENT_BUS_PRODUCER_CONFIG` is valid and names events and key fields that exist.
 *
 * @param defaultMode the mode of entries that have none
 */
export async function routeFindings(
  text: string | undefined,
  defaultMode: RouteMode,
): Promise<readonly Finding[]> {
  if (text === undefined) return [];
  let config: ProducerConfig;
  try {
    config = parseProducerConfig(text);
  } catch (error) {
    if (!(error instanceof ProducerConfigurationError)) throw error;
    return error.issues.map(({ path, message }) =>
      problemFinding(
        subject,
        `${path === '' ? 'EVENT_BUS_PRODUCER_CONFIG' : path}: ${message}`,
        'correct EVENT_BUS_PRODUCER_CONFIG',
      ),
    );
  }
  const findings: Finding[] = [];
  const modes: RouteMode[] = [];
  let disabledRoutes = 0;
  for (const [eventType, topics] of Object.entries(config)) {
    const enabled = Object.entries(topics).filter(([, entry]) => entry.enabled);
    modes.push(...enabled.map(([, { mode }]) => mode ?? defaultMode));
    disabledRoutes += Object.keys(topics).length - enabled.length;
    const signal = await signalOrReason(eventType);
    if (typeof signal === 'string') findings.push(unknownType(signal, enabled.length > 0));
    else if (signal.about.localOnly !== undefined && enabled.length > 0)
      findings.push(
        problemFinding(
          subject,
          `${eventType} must stay in its process: ${signal.about.localOnly}`,
          'remove the route',
        ),
      );
    else
      for (const [topic, { event_key_field: path }] of Object.entries(topics))
        findings.push(...keyFindings(signal, topic, path));
  }
  return findings.length > 0
    ? findings
    : [
        okFinding(
          subject,
          `EVENT_BUS_PRODUCER_CONFIG is valid: ${modes.length} routes enabled${countedModes(modes)}, ${disabledRoutes} disabled`,
        ),
      ];
}

/** How many routes have which mode, unless all are published when they are sent. */
function countedModes(modes: readonly RouteMode[]): string {
  const used = [...new Set(modes)];
  if (used.every((mode) => mode === 'immediate')) return '';
  const counts = used.map((mode) => `${modes.filter((other) => other === mode).length} ${mode}`);
  return ` (${counts.join(', ')})`;
}

async function signalOrReason(eventType: string): Promise<OpenEdxPublicSignal | string> {
  try {
    return await knownSignal(eventType);
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

function unknownType(message: string, enabled: boolean): Finding {
  const cure = 'correct the event type, or load your own events with --require';
  return enabled ? problemFinding(subject, message, cure) : warningFinding(subject, message, cure);
}

function keyFindings(signal: OpenEdxPublicSignal, topic: string, path: string): readonly Finding[] {
  const key = resolveKeyPath(signal.shape.fields, path);
  if (!('problem' in key)) return [];
  const possible = keyPathsIn(signal.shape.fields);
  const nearest = nearestName(path, possible);
  const cure = nearest === undefined ? `choose one of ${possible.join(', ')}` : `did you mean ${nearest}?`;
  return [problemFinding(subject, `${signal.eventType} → ${topic}: event_key_field ${key.problem}`, cure)];
}

const subject = 'settings';
