import { ConsoleError } from '../errors/console-error.js';

/** The live views of a console that are open. Each reads the bus by itself, so their number is limited. */
export class LiveViews {
  #open = 0;

  /**
   * Notes that one is opened.
   *
   * @returns a function to be called once, when it ends
   * @throws ConsoleError when as many as may be are open
   */
  enter(): () => void {
    if (this.#open >= MOST_OPEN)
      throw new ConsoleError(
        503,
        'CONSOLE_BUSY',
        `${MOST_OPEN} live views are open: close some, or pause them`,
      );
    this.#open += 1;
    return () => {
      this.#open -= 1;
    };
  }
}

const MOST_OPEN = 100;
