import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { classPath } from '../jvm/class-path.js';
import { kafkaJars } from '../kafka/kafka-jars.js';
import { BrokerUnavailableError } from '../ladder/broker-unavailable-error.js';
import { findRedisProcess } from '../redis/find-redis.js';

/** A PATH for a test. */
export interface ProgramsOnPath extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a PATH with the programs of a server as its releases have them, in front of this process's own, and with a `docker`
 * whose engine does not answer.
 *
 * @throws {BrokerUnavailableError} when the server cannot be had on this machine
 */
export async function programsOnPath(server: 'redis' | 'kafka'): Promise<ProgramsOnPath> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'));
  await writeProgram(folder, 'docker', 'false');
  if (server === 'redis') {
    const { command, libraryPath } = await findRedisProcess({});
    await writeProgram(folder, 'redis-server', `env LD_LIBRARY_PATH='${libraryPath}' '${command}' "$@"`);
  } else {
    const found = await kafkaJars('kafka-4');
    if (typeof found === 'string')
      throw new BrokerUnavailableError('Kafka', [{ rung: 'Maven', reason: found }]);
    const options = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=WARN'];
    const java = `'${found.java}' ${options.join(' ')} -cp '${classPath(found.jars)}'`;
    await writeProgram(folder, 'kafka-server-start.sh', `${java} kafka.Kafka "$@"`);
    await writeProgram(folder, 'kafka-storage.sh', `${java} kafka.tools.StorageTool "$@"`);
  }
  return {
    path: [folder, process.env.PATH].join(delimiter),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A shell script that replaces itself by a command line. */
function writeProgram(folder: string, name: string, commandLine: string): Promise<void> {
  return writeFile(join(folder, name), `#!/bin/sh\nexec ${commandLine}\n`, { mode: 0o755 });
}
