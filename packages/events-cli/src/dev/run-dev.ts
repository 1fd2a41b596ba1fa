import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { Consumer, EventBusPlugin } from '@openedx-ts/events-core';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { serveConsoleOf } from '../console/serve-console-of.js';
import type { CliIo } from '../terminal/cli-io.js';
import { redactor } from '../terminal/redact.js';
import { writeNote } from '../terminal/write-note.js';
import { sendTraffic, TRAFFIC_TOPIC } from './enrolment-traffic.js';
import { bringServers } from './servers/bring-servers.js';

/** Options of `dev`. */
export interface DevOptions {
  readonly bus?: string;
  readonly port?: number;
  /** Events a second. */
  readonly rate: number;
}

/**
 * Runs a bus with traffic until the command is interrupted: enrolments at a rate, two groups of which one fails now and
 * then, and a console that may change everything. Starts the servers of `redis` and `kafka` that the environment does not
 * name. Writes the console's address to stdout, and the settings of the bus to stderr.
 *
 * @throws CommandError when the bus gives no access to its topics, or the port is taken
 * @throws CommandError when a server is neither named nor can be started
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function runDev({ bus: name, port, rate }: DevOptions, outer: CliIo): Promise<void> {
  const busName = name ?? (outer.env?.EVENT_BUS ? undefined : 'memory');
  await using servers = await bringServers(busName ?? outer.env?.EVENT_BUS, outer);
  const { env } = servers;
  const io = { ...outer, env };
  const { abortSignal } = io;
  using bus = await openBus(busName, io);
  const { plugin } = bus;
  const { admin } = await openTopics(bus, io);
  await using _admin = closing(admin);
  await using producer = await plugin.createProducer(env, { closeTimeoutMs: 500 });
  using _seats = COURSE_ENROLLMENT_CREATED.connect(issueSeat, { name: 'seats' });
  await using _certificates = await startGroup(plugin, 'certificates', io);
  await using _notifications = await startGroup(plugin, 'notifications', io);
  const grants = { act: true, unmask: true };
  await using _served = await serveConsoleOf(admin, { busName: plugin.name, port, ...grants }, io);
  writeNote(io.stderr, 'open this address in a browser, once; Ctrl-C ends it');
  noteSettings(plugin.name, io);
  await sendTraffic(producer, rate, abortSignal);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

/** Fails for a few events in the group `certificates`, so that there are dead letters to look at. */
function issueSeat({ delivery, data }: { readonly delivery: Delivery; readonly data: Enrolled }): void {
  const { id } = data.enrollment.user;
  if (delivery?.groupId === 'certificates' && id % FAILS_EVERY === 0)
    throw new Error(`there is no seat ${id}`);
}

type Delivery = { readonly groupId: string } | null;
interface Enrolled {
  readonly enrollment: { readonly user: { readonly id: number } };
}

const FAILS_EVERY = 17;

async function startGroup(
  plugin: EventBusPlugin,
  groupId: string,
  { env = {} }: CliIo,
): Promise<AsyncDisposable> {
  const options = { topics: [TRAFFIC_TOPIC], groupId, maxAttempts: 1 };
  const consumer: Consumer = await plugin.createConsumer(env, options);
  const running = consumer.run();
  running.catch(() => {}); // the reason is in the log
  return {
    [Symbol.asyncDispose]: async () => {
      await consumer.stop();
      await running.catch(() => {});
      await consumer.close();
    },
  };
}

/** What other terminals set to use the same bus. */
function noteSettings(busName: string, { env = {}, stderr }: CliIo): void {
  if (busName === 'memory') {
    writeNote(
      stderr,
      'the memory bus lives in this process; for other terminals use --bus redis or --bus kafka',
    );
    return;
  }
  const redact = redactor(env);
  const settings = Object.entries(env).filter(([variable]) =>
    /^EVENT_BUS_(?!PRODUCER$|CONSUMER$)/.test(variable),
  );
  writeNote(stderr, 'in other terminals:');
  for (const [variable, value] of [['EVENT_BUS', busName], ...settings])
    writeNote(stderr, redact(`export ${variable}=${quoted(value ?? '')}`));
}

/** As a shell reads it. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
