import { EventsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, reasonOf, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { DatabaseOptions } from '../outbox/database-options.js';
import { openOutbox } from '../outbox/open-outbox.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { outboxRoutes } from './outbox-routes.js';

/**
 * Looks at the outbox, where a database is named or a route has the mode `outbox`. A `DATABASE_URL` that no route needs may
 * be of any kind, and without an outbox.
 */
export async function outboxFindings(options: DatabaseOptions, io: CliIo): Promise<readonly Finding[]> {
  const { env = {} } = io;
  const isNeeded = options.database !== undefined || outboxRoutes(env) !== 'none';
  if (options.database === undefined && !env.DATABASE_URL) return isNeeded ? [unnamed] : [];
  try {
    await using outbox = await openOutbox(options, io);
    const findings = await outbox.admin.diagnose();
    return isNeeded || !(await isMissing(outbox.store.checkVersion(outbox.database))) ? findings : [unused];
  } catch (error) {
    if (!EventsError.is(error) && !(error instanceof CommandError)) throw error;
    return isNeeded ? [problemFinding(subject, reasonOf(error), 'correct what is named here')] : [];
  }
}

async function isMissing(checked: Promise<void>): Promise<boolean> {
  return checked.then(
    () => false,
    (error: unknown) => (error as { readonly reason?: unknown }).reason === 'missing',
  );
}

const subject = 'outbox database';
const unnamed = warningFinding(
  subject,
  'a route has the mode outbox, and no database is named: the outbox was not looked at',
  'give --database, or set DATABASE_URL',
);
const unused = okFinding(subject, 'it has no outbox, and the settings give no route the mode outbox');
