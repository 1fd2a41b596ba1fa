import type { Writable } from 'node:stream';
import { escapeUnprintable } from '@openedx-ts/events-core/bus';
import { acceptedText } from './accepted-text.js';

/** A line on a terminal that shows the progress of a command. */
export interface ProgressLine {
  /** @param share the part of the input that was processed, from 0 to 1; undefined when its length is unknown */
  update(accepted: number, share: number | undefined): void;
  /** Removes the line. */
  end(): void;
}

/** Draws a progress line when stderr is a terminal, and nothing otherwise. */
export async function progressLine(stderr: Writable, topic: string): Promise<ProgressLine> {
  if ((stderr as { readonly isTTY?: boolean }).isTTY !== true) return { update: () => {}, end: () => {} };
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: stderr as NodeJS.WritableStream, discardStdin: false, isEnabled: true });
  spinner.start(progressText(topic, 0, undefined));
  return {
    update: (accepted, share) => {
      spinner.text = progressText(topic, accepted, share);
    },
    end: () => {
      spinner.stop();
    },
  };
}

/** `[████████············] 40 %  1,000 events accepted on orders` */
function progressText(topic: string, accepted: number, share: number | undefined): string {
  const count = escapeUnprintable(acceptedText(accepted, topic));
  if (share === undefined) return count;
  const part = Math.min(1, Math.max(0, share));
  const filled = Math.round(part * WIDTH);
  return `[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${Math.round(part * 100)} %  ${count}`;
}

const WIDTH = 20;
