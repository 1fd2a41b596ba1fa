import { join } from 'node:path';
import { lastLines } from '../process/last-lines.js';
import { run } from '../process/run.js';

/** A Java that runs here. */
export interface Java {
  /** Name on the PATH, or absolute path. */
  readonly command: string;
  readonly version: string;
}

/** Kafka 4 and the registry need it. */
const oldest = 17;

let looked: Promise<Java | string> | undefined;

/** `java` on the PATH or in `JAVA_HOME`, 17 or newer; else why there is none, and the cure. */
export function findJava(): Promise<Java | string> {
  looked ??= look();
  return looked;
}

async function look(): Promise<Java | string> {
  const home = process.env.JAVA_HOME;
  const reasons: string[] = [];
  for (const command of ['java', ...(home ? [join(home, 'bin', 'java')] : [])]) {
    const found = await tried(command);
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  return `${reasons.join(', ')}: install a Java ${oldest} runtime (Debian: openjdk-17-jre-headless)`;
}

async function tried(command: string): Promise<Java | string> {
  const { code, output } = await run(command, ['-version'], { timeoutMs: 20_000 });
  if (code !== 0) return lastLines(output, 1);
  const version = /version "([^"]+)"/.exec(output)?.[1] ?? '';
  if (Number.parseInt(version, 10) >= oldest) return { command, version };
  return `${command} ${version} is older than ${oldest}`;
}
