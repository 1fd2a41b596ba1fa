import { SingleBar } from 'cli-progress';

/** Shows the progress of the demo. */
export interface Progress {
  /** Starts with the expected number of events. */
  start(events: number): void;
  update(counts: { readonly sent: number; readonly delivered: number }): void;
  stop(): void;
}

/** A progress bar on a terminal. It is removed at the end, and does not handle Ctrl-C. */
export function terminalProgress(stream: NodeJS.WritableStream): Progress {
  const bar = new SingleBar({
    stream,
    format: ' {bar} {percentage} % | {sent} sent | {value} delivered',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let total = 0;
  return {
    start: (events) => {
      total = events;
      bar.start(total, 0, { sent: 0 });
    },
    update: ({ sent, delivered }) => {
      if (sent > total) {
        total = sent;
        bar.setTotal(total);
      }
      bar.update(delivered, { sent });
    },
    stop: () => bar.stop(),
  };
}
