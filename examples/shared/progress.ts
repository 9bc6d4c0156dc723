import { SingleBar } from 'cli-progress';

export interface ProgressBar {
  update(done: number): void;
  stop(): void;
}

/** A progress bar on stderr with the time still to go; where stderr is no terminal, nothing is shown. */
export function progressBar(label: string, total: number): ProgressBar {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}, {eta_formatted} to go`,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    hideCursor: true,
  });
  bar.start(total, 0);
  return {
    update: (done) => {
      bar.update(done);
    },
    stop: () => {
      bar.stop();
    },
  };
}
