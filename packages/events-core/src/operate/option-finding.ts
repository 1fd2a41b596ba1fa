import type { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Finding } from './event-bus-admin.js';
import { problemFinding } from './findings.js';

/** Settings of a bus that are each well-formed, and refused together. */
export function optionFinding({ issues }: InvalidOptionsError, prefix: string): Finding {
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return problemFinding('settings', message, `correct the ${prefix}… variables`);
}
