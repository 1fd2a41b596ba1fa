import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
import { run } from '../process/run.js';

/** Chromium, and how it is started. */
export interface FoundChromium {
  /** For `executablePath` of playwright-core. */
  readonly executablePath: string;
  readonly args: readonly string[];
  /** Added to the environment of the process. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds Chromium for tests in a real browser: that on the PATH, or the distribution's package, unpacked in `.cache` with two
 * fonts (460 MB).
 *
 * @throws Error when it cannot be had
 */
export async function findChromium(): Promise<FoundChromium> {
  const onPath = await run('chromium', ['--version'], { timeoutMs: 30_000 });
  if (onPath.code === 0) {
    const { stdout } = await run('which', ['chromium'], { timeoutMs: 10_000 });
    return { executablePath: stdout.trim(), args: ARGS, env: {} };
  }
  const found = await programOfDebianPackages(PACKAGES, PROGRAM);
  if (typeof found === 'string') throw new Error(`there is no chromium: ${found}`);
  const folder = found.program.slice(0, -PROGRAM.length);
  const env = { LD_LIBRARY_PATH: found.libraryPath, FONTCONFIG_FILE: fontSettings(folder) };
  return { executablePath: found.program, args: ARGS, env };
}

const PACKAGES = ['chromium', 'chromium-common', 'fontconfig-config', 'fonts-dejavu-core', 'fonts-inter'];
const PROGRAM = 'usr/lib/chromium/chromium';

/** It must ask nobody on the network, and runs as root in containers. */
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
];

/** Settings of fontconfig that know the unpacked fonts alone, so that pictures look the same on every machine. */
function fontSettings(folder: string): string {
  const file = join(folder, 'fonts.conf');
  const prefer = (family: string, font: string) =>
    `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(folder, 'usr/share/fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir>
${prefer('sans-serif', 'Inter')}${prefer('system-ui', 'Inter')}${prefer('monospace', 'DejaVu Sans Mono')}
</fontconfig>\n`,
  );
  return file;
}
