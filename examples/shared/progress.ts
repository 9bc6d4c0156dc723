import { SingleBar } from 'cli-progress';

export interface ProgressBar {
  /** @param note - what else there is to say so far */
  update(done: number, note?: string): void;
  stop(): void;
}

/**
 * A progress bar on stderr with the time still to go; where stderr is no terminal, nothing is
 * shown.
 */
export function progressBar(label: string, total: number): ProgressBar {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}, {eta_formatted} to go{note}`,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    barsize: 20, // all of it has to fit into 80 columns
    // The bar would otherwise switch it off, and Ctrl-C would leave it off in the user's terminal.
    linewrap: true,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note) => {
      bar.update(done, { note: note === undefined ? '' : `, ${note}` });
    },
    stop: () => {
      bar.stop();
    },
  };
}
