import { EventsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, reasonOf, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openAdmin } from '../bus/open-admin.js';
import { openBus } from '../bus/open-bus.js';
import { jsonText } from '../records/json-text.js';
import { allKnownSignals } from '../signals/known-signals.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { redactor } from '../terminal/redact.js';
import { settingFindings } from './setting-findings.js';
import { type OperatorOptions, queryOf } from './show-lag.js';

/**
 * Checks the settings and the bus and writes each finding with its cure, as text or as JSON.
 *
 * @throws CommandError when there is a problem, or the broker cannot be reached
 */
export async function runDoctor(options: OperatorOptions, io: CliIo): Promise<void> {
  const { findings, isUnreachable } = await collectFindings(options, io);
  const redact = redactor(io.env);
  const output = lineWriter(io);
  for (const finding of findings)
    for (const line of options.json === true ? [jsonText(jsonOf(finding))] : linesOf(finding))
      await output.line(redact(line));
  await output.flush();
  const problems = findings.filter(({ verdict }) => verdict === 'problem').length;
  if (isUnreachable)
    throw new CommandError(
      'CLI_UNREACHABLE',
      'the broker or its schema registry cannot be reached; the findings on stdout name it',
    );
  if (problems > 0)
    throw new CommandError(
      'CLI_CHECK_FAILED',
      `${problems === 1 ? '1 problem' : `${problems} problems`} found; the findings on stdout have the cures`,
    );
}

interface Findings {
  readonly findings: readonly Finding[];
  readonly isUnreachable: boolean;
}

async function collectFindings(options: OperatorOptions, io: CliIo): Promise<Findings> {
  const findings = [...(await settingFindings(options.bus, io.env ?? {}))];
  try {
    using bus = await openBus(options.bus, io);
    findings.push(okFinding('bus', `${bus.plugin.name} is installed`));
    await allKnownSignals(); // a bus may compare them with the schemas in its registry
    const admin = await openAdmin(bus, io);
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
