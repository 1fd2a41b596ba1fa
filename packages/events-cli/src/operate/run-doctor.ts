import { EventsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, reasonOf, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openAdmin } from '../bus/open-admin.js';
import { openBus } from '../bus/open-bus.js';
import type { DatabaseOptions } from '../outbox/database-options.js';
import { jsonText } from '../records/json-text.js';
import { allKnownSignals } from '../signals/known-signals.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { redactor } from '../terminal/redact.js';
import { whileRead } from '../terminal/while-read.js';
import { outboxFindings } from './outbox-findings.js';
import { outboxRoutes } from './outbox-routes.js';
import { settingFindings } from './setting-findings.js';
import { type OperatorOptions, queryOf } from './show-lag.js';

/** Options of `doctor`. */
export interface DoctorOptions extends OperatorOptions, DatabaseOptions {}

/**
 * Checks the settings, the bus and the outbox and writes each finding with its cure, as text or as JSON.
 *
 * @throws CommandError when there is a problem, or the broker or the database cannot be reached
 */
export async function runDoctor(options: DoctorOptions, io: CliIo): Promise<void> {
  const findings = [
    ...(await settingFindings(options.bus, io.env ?? {})),
    ...(await outboxFindings(options, io)),
    ...(await busFindings(options, io)),
  ];
  const redact = redactor(io.env, options.database === undefined ? [] : [options.database]);
  const output = lineWriter(io);
  await whileRead(async () => {
    for (const finding of findings)
      for (const line of options.json === true ? [jsonText(jsonOf(finding))] : linesOf(finding))
        await output.line(redact(line));
    await output.flush();
  });
  const problems = findings.filter(({ verdict }) => verdict === 'problem').length;
  if (findings.some(({ isUnreachable }) => isUnreachable))
    throw new CommandError(
      'CLI_UNREACHABLE',
      'the broker, its schema registry or the database cannot be reached; the findings on stdout name it',
    );
  if (problems > 0)
    throw new CommandError(
      'CLI_CHECK_FAILED',
      `${problems === 1 ? '1 problem' : `${problems} problems`} found; the findings on stdout have the cures`,
    );
}

async function busFindings(options: OperatorOptions, io: CliIo): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    using bus = await openBus(options.bus, io);
    findings.push(okFinding('bus', `${bus.plugin.name} is installed`));
    await allKnownSignals(); // a bus may compare them with the schemas in its registry
    const admin = await openAdmin(bus, io);
    await using _admin = closing(admin);
    findings.push(...(await admin.diagnose(queryOf(options))));
  } catch (error) {
    if (!EventsError.is(error) && !(error instanceof CommandError)) throw error;
    findings.push(findingOf(error, io));
  }
  return findings;
}

function findingOf(error: EventsError | CommandError, { env = {} }: CliIo): Finding {
  const message = reasonOf(error);
  const { code } = error;
  if (code === 'CLI_USAGE' && outboxRoutes(env) === 'all')
    return okFinding(
      'bus',
      'none is named, and this service needs none: its routes have the mode outbox, and "openedx-events outbox relay" publishes',
    );
  if (code === 'CLI_UNSUPPORTED')
    return warningFinding('bus', message, 'inspect it with the tools of its broker');
  const cure =
    code === 'EVENTS_INVALID_OPTIONS'
      ? 'correct the settings named here'
      : 'install it, or correct EVENT_BUS or --bus';
  return problemFinding('bus', message, cure);
}

function linesOf({ subject, verdict, message, cure }: Finding): readonly string[] {
  const line = `${verdict.padEnd(WIDTH)}${subject}: ${message}`;
  return cure === undefined ? [line] : [line, `${' '.repeat(WIDTH)}→ ${cure}`];
}

const WIDTH = 'warning  '.length;

function jsonOf({
  subject,
  verdict,
  message,
  cure = null,
}: Omit<Finding, 'cure'> & { cure?: string | null | undefined }): object {
  return { subject, verdict, message, cure };
}
