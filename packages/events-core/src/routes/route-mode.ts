import { nearestName } from '../errors/nearest-name.js';
import { escapeUnprintable } from '../runtime/escape-unprintable.js';

/**
 * When an event of a route is published. `immediate`: when it is sent. `on-commit`: when the work around it, run by
 * `publishOnCommit` or by an outbox, has resolved; at once outside of any. `outbox`: it is stored in the sender's
 * transaction, and a relay publishes it after the commit.
 */
export type RouteMode = (typeof routeModes)[number];

/** Every mode, as settings write it. */
export const routeModes = ['immediate', 'on-commit', 'outbox'] as const;

/** Returns why a value is no mode, with the modes there are; undefined when it is one. */
export function routeModeProblem(value: unknown): string | undefined {
  if (routeModes.some((mode) => mode === value)) return undefined;
  const nearest = typeof value === 'string' ? nearestName(value, routeModes) : undefined;
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `${shown(value)} is no mode: use ${routeModes.join(', ')}${hint}`;
}

/** A mode is no secret; what stands in its place by mistake may be long. */
function shown(value: unknown): string {
  if (typeof value !== 'string') return `a value of type ${typeof value}`;
  return `"${escapeUnprintable(value.slice(0, 40))}"`;
}
