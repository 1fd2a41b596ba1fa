import { once } from 'node:events';
import { configureEvents, EventsError } from '@openedx-ts/events-core';
import { bringBroker } from './broker/bring-broker.js';
import { NoBroker } from './broker/brought-broker.js';
import { type DemoArguments, parseDemoArguments, UsageError, usage } from './demo-arguments.js';
import { terminalProgress } from './progress.js';
import { reportOf } from './report.js';
import { runDemo } from './run-demo.js';
import { ServiceDied } from './services/child-service.js';
import { UnexpectedAnswer } from './services/http-client.js';
import { NotReady } from './services/wait-until-ready.js';
import { showConsole } from './show-console.js';
import { summaryOf } from './summary.js';

const exitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseDemoArguments(argv, process.env);
    if (args === 'help') {
      process.stdout.write(`${usage}\n`);
      return exitCodes.done;
    }
    return await run(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`demo: ${error.message}\n\n${usage}\n`);
      return exitCodes.usage;
    }
    if (error instanceof NotReady || error instanceof NoBroker) {
      process.stderr.write(`demo: ${error.message}\n`);
      return exitCodes.unreachable;
    }
    const isTold = error instanceof UnexpectedAnswer || error instanceof ServiceDied || EventsError.is(error);
    if (!isTold) throw error;
    process.stderr.write(`demo: ${error.message}\n`);
    return exitCodes.failed;
  }
}

async function run({ bus, events, outbox, json, console }: DemoArguments): Promise<number> {
  configureEvents({ serviceName: 'demo' });
  const interrupt = new AbortController();
  let isRunning = false;
  const onInterrupt = () => {
    // A second Ctrl-C ends the demo at once; before the services run there is nothing to close.
    if (interrupt.signal.aborted || !isRunning) process.exit(exitCodes.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  const isShown = process.stderr.isTTY && !json;

  await using broker = await bringBroker(bus, process.env);
  isRunning = true;
  await using _shown = console ? await showConsole(bus, broker.env) : undefined;
  const result = await runDemo({
    bus,
    events,
    env: broker.env,
    outbox,
    ...(broker.outage === undefined ? {} : { outage: broker.outage }),
    abortSignal: interrupt.signal,
    ...(isShown ? { progress: terminalProgress(process.stderr) } : {}),
  });

  const summary = summaryOf(result);
  if (interrupt.signal.aborted) {
    const { sent, delivered } = summary;
    process.stderr.write(
      `demo: interrupted after ${sent} sent and ${delivered} delivered; both services are stopped\n`,
    );
    return exitCodes.interrupted;
  }
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : reportOf(summary));
  if (console) await untilInterrupted(interrupt.signal);
  process.off('SIGINT', onInterrupt);
  return summary.lost === 0 && summary.mismatches.length === 0 ? exitCodes.done : exitCodes.failed;
}

async function untilInterrupted(signal: AbortSignal): Promise<void> {
  process.stderr.write('demo: the console stays open until Ctrl-C\n');
  const staying = setInterval(() => {}, 1_000_000); // nothing else may keep the process
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(staying);
}
