import { spawn } from 'node:child_process';

/** How a program ended, and what it printed. */
export interface Run {
  /** Exit code; 127 when the program is not there, 124 when it took too long, 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** Runs a program without a terminal and keeps what it prints. Never rejects. */
export function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly timeoutMs: number;
    /** What it reads from its standard input; default nothing. */
    readonly input?: string;
    /** As whom it runs; default as this process. */
    readonly user?: { readonly uid: number; readonly gid: number };
  },
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      // Messages in English: some are looked at.
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...options.user,
    });
    // A program may end before it has read all of its input.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
    let stdout = '';
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const end = (code: number, why = '') => {
      clearTimeout(timer);
      resolve({ code, stdout, output: output + why });
    };
    child.on('error', () => end(127, `${command} is not on the PATH`));
    child.on('close', (code) => {
      if (late) end(124, `${command} has not ended within ${options.timeoutMs} ms`);
      else end(code ?? 128);
    });
  });
}
