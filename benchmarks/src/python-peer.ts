import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonOrReason } from '@openedx-ts/interop';
import type { Subject } from './measure.js';

/** The Python packages doing the same; what they do is measured in turn with the other subjects of a part. */
export interface PythonPeer extends AsyncDisposable {
  /** The versions of what is compared with, or why nothing is. */
  readonly about: string;
  /** What the script has to time under a name; none where there is no Python. */
  subjects(names: readonly string[], fixed?: { readonly times: number }): readonly Subject[];
}

/** Starts `python/<script>` with arguments; its packages are installed where that was not done before. */
export async function startPython(script: string, ...args: readonly string[]): Promise<PythonPeer> {
  const { python, reason } = await pythonOrReason();
  if (reason !== undefined) return absent(reason);
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  const child = spawn(python, ['-X', 'utf8', '-B', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} ended before it had answered`);
    return value;
  };
  const about = await answer();
  return {
    about,
    subjects: (names, fixed) =>
      names.map((name) => ({
        name: pythonSubject(name),
        ...fixed,
        run: async (times) => {
          child.stdin.write(`${name} ${times}\n`);
          await answer();
        },
      })),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** The name of a subject that Python measures. */
export function pythonSubject(name: string): string {
  return `Python ${name}`;
}

function absent(reason: string): PythonPeer {
  return { about: `not measured: ${reason}`, subjects: () => [], [Symbol.asyncDispose]: async () => {} };
}
