import { EventsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, reasonOf, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { redactor } from '../bus/redact.js';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';
import { allKnownSignals } from '../signals/known-signals.js';
import { lineWriter } from '../streams/line-writer.js';
import { openAdmin } from './open-admin.js';
import { settingFindings } from './setting-findings.js';
import { type OperatorOptions, queryOf } from './show-lag.js';

/**
 * Writes what was found: a line each, and what to do below; or as JSON.
 *
 * @throws CommandError when there is a problem, or the broker cannot be reached
 */
export async function examine(options: OperatorOptions, io: CliIo): Promise<void> {
  const { findings, isUnreachable } = await findAll(options, io);
  const redact = redactor(io.env);
  const output = lineWriter(io);
  for (const finding of findings)
    for (const line of options.json === true ? [JSON.stringify(jsonOf(finding))] : linesOf(finding))
      await output.line(redact(line));
  await output.flush();
  const problems = findings.filter(({ verdict }) => verdict === 'problem').length;
  if (isUnreachable) throw new CommandError('CLI_UNREACHABLE', 'not all that the bus needs can be reached');
  if (problems > 0)
    throw new CommandError(
      'CLI_CHECK_FAILED',
      problems === 1 ? 'there is a problem' : `${problems} problems`,
    );
}

interface Found {
  readonly findings: readonly Finding[];
  readonly isUnreachable: boolean;
}

async function findAll(options: OperatorOptions, io: CliIo): Promise<Found> {
  const findings = [...(await settingFindings(options.bus, io.env ?? {}))];
  try {
    const plugin = await openBus(options.bus, io);
    findings.push(okFinding('bus', `${plugin.name} is installed`));
    await allKnownSignals(); // a bus may hold what is registered against them
    const admin = await openAdmin(plugin, io);
    await using _admin = closing(admin);
    findings.push(...(await admin.diagnose(queryOf(options))));
    return { findings, isUnreachable: findings.some((finding) => finding.isUnreachable) };
  } catch (error) {
    if (!EventsError.is(error) && !(error instanceof CommandError)) throw error;
    findings.push(findingOf(error));
    return { findings, isUnreachable: false };
  }
}

function findingOf(error: EventsError | CommandError): Finding {
  const message = reasonOf(error);
  const { code } = error;
  if (code === 'CLI_UNSUPPORTED')
    return warningFinding('bus', message, 'look at it with the tools of its broker');
  const cure =
    code === 'EVENTS_INVALID_OPTIONS'
      ? 'correct the settings named'
      : 'install it, or correct EVENT_BUS or --bus';
  return problemFinding('bus', message, cure);
}

function linesOf({ subject, verdict, message, cure }: Finding): readonly string[] {
  const line = `${verdict.padEnd(WIDTH)}${subject}: ${message}`.replace(/\p{Cc}+/gu, ' ');
  return cure === undefined ? [line] : [line, `${' '.repeat(WIDTH)}→ ${cure}`.replace(/\p{Cc}+/gu, ' ')];
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
