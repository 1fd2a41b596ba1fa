import { once } from 'node:events';
import type { ControllableServer } from '@openedx-ts/brokers';
import { expect } from 'vitest';
import { type BuiltCommand, builtCommand, type RunningCommand } from './built-command.test-support.js';
import { line, numbersIn, type } from './numbered-events.test-support.js';
import type { Run } from './run.test-support.js';

type Settings = Readonly<Record<string, string>>;

/** The command as processes that share a real broker, and a topic for each test. */
export class CommandBench {
  readonly #command: BuiltCommand;
  readonly #env: () => Settings;
  #topics = 0;

  constructor(command: BuiltCommand, env: () => Settings) {
    this.#command = command;
    this.#env = env;
  }

  /** @param env the environment with the address of the broker; called for each process, because addresses may change */
  static async open(bus: 'redis' | 'kafka', env: () => Settings): Promise<CommandBench> {
    return new CommandBench(await builtCommand(bus), env);
  }

  get topic(): string {
    return `grades-${this.#topics}`;
  }

  /** Uses a new topic from now on, which does not exist yet. */
  nextTopic(): void {
    this.#topics += 1;
  }

  start(args: readonly string[], more: Settings = {}): RunningCommand {
    return this.#command.start(args, { ...this.#env(), ...more });
  }

  /** Runs it with empty input. */
  run(args: readonly string[], more: Settings = {}): Promise<EndedRun> {
    return endOf(this.start(args, more));
  }

  produce(args: readonly string[] = [], more: Settings = {}): RunningCommand {
    const all = ['produce', '--type', type, '--topic', this.topic, '--key-field', 'grade.user_id', ...args];
    return this.start(all, more);
  }

  consume(args: readonly string[] = [], more: Settings = {}): RunningCommand {
    return this.start(['consume', '-t', this.topic, '-g', 'g', '--from', 'earliest', ...args], more);
  }

  /** Sends `count` events, numbered from 0. */
  async sendAll(count: number): Promise<RunningCommand> {
    const sending = this.produce();
    sending.child.stdin.end(upTo(count).map(line).join(''));
    expect(await sending.ended, sending.stderr()).toBe(0);
    return sending;
  }

  /** Sends until the process ends; resolves with the number of events that it reports as accepted. */
  async sendUntilInterrupted(sending: RunningCommand): Promise<number> {
    const { stdin } = sending.child;
    stdin.on('error', () => {}); // the process closes it
    let isOver = false;
    const ended = sending.ended.then((code) => {
      isOver = true;
      return code;
    });
    for (let next = 0; !isOver; next += 100) {
      const hasRoom = stdin.write(
        upTo(100)
          .map((index) => line(next + index))
          .join(''),
      );
      if (!hasRoom) await Promise.race([once(stdin, 'drain').catch(() => {}), ended]);
    }
    expect(await ended, sending.stderr()).toBe(130);
    const report = /([\d,]+) events accepted on .*, interrupted after line \1\n$/.exec(sending.stderr());
    return Number(report?.[1]?.replaceAll(',', ''));
  }

  /** Ends a consumer with a signal among 4,000 events and starts another; resolves with the number of duplicates. */
  async endAmongEvents(
    signal: NodeJS.Signals,
    code: number | NodeJS.Signals,
    args: readonly string[] = [],
    argsOfSecond = args,
  ): Promise<number> {
    const count = 4_000;
    await this.sendAll(count);
    const first = this.consume(args);
    await expect.poll(() => numbersIn(first.stdout()).length, often).toBeGreaterThan(100);
    first.child.kill(signal);
    expect(await first.ended).toBe(code);
    const before = numbersIn(first.stdout());
    expect(before.length).toBeLessThan(count);
    const second = this.consume(argsOfSecond);
    await expect.poll(() => new Set([...before, ...numbersIn(second.stdout())]).size, patient).toBe(count);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    return before.length + numbersIn(second.stdout()).length - count;
  }

  /** A producer and a consumer log an outage of the broker and resume after it; resolves with all they wrote to stderr. */
  async waitOutARestart(server: Pick<ControllableServer, 'kill' | 'start'>): Promise<string> {
    await this.sendAll(1);
    const receiving = this.consume(['--count', '3']);
    const sending = this.produce();
    await expect.poll(() => numbersIn(receiving.stdout()), patient).toEqual([0]);
    sending.child.stdin.write(line(1));
    await expect.poll(() => numbersIn(receiving.stdout()), patient).toEqual([0, 1]);
    await server.kill();
    sending.child.stdin.end(line(2));
    await expect.poll(receiving.stderr, patient).toMatch(/^warning: .*broker\b.*(?:retried|sent again)/m);
    await expect.poll(sending.stderr, patient).toMatch(/^warning: .*broker\b.*(?:retried|sent again)/m);
    await server.start();
    expect(await sending.ended, sending.stderr()).toBe(0);
    expect(await receiving.ended, receiving.stderr()).toBe(0);
    expect(numbersIn(receiving.stdout())).toEqual([0, 1, 2]);
    return receiving.stderr() + sending.stderr();
  }

  /** Runs produce, consume, lag and doctor with these settings. */
  runAll(settings: Settings, waitMs: number): Promise<readonly EndedRun[]> {
    const [wait, operator] = [
      ['--wait', String(waitMs), '--debug'],
      ['-t', this.topic, '--debug'],
    ];
    const sending = this.produce(wait, settings);
    sending.child.stdin.write(line(0));
    const others = [
      this.consume(wait, settings),
      this.start(['lag', ...operator], settings),
      this.start(['doctor', ...operator], settings),
    ];
    return Promise.all([sending, ...others].map(endOf));
  }
}

/** The result of a process that has ended. */
export type EndedRun = Omit<Run, 'code'> & { readonly code: number | NodeJS.Signals };

/** Ends the input of a process and waits for its result. */
export async function endOf(running: RunningCommand): Promise<EndedRun> {
  running.child.stdin.end();
  const code = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export const patient = { timeout: 60_000 };
const often = { ...patient, interval: 5 };
