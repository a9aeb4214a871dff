import type { EpochReport } from './fit/fit.js';

const WIDTH = 24;
const EVERY_MILLISECONDS = 500;

/** Shows how far a run has come: a bar with the time left on a terminal, one line an epoch everywhere. */
export class Progress {
  private readonly began = performance.now();
  private doneBefore: number | undefined;
  private shown = 0;

  constructor(
    private readonly title: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  step(done: number, total: number, epoch: number): void {
    this.doneBefore ??= done - 1; // a run that was taken up again has not done those before in this time
    const now = performance.now();
    if (!this.out.isTTY || (now - this.shown < EVERY_MILLISECONDS && done < total)) return;
    this.shown = now;
    const filled = Math.round((WIDTH * done) / total);
    const left = ((now - this.began) / (done - this.doneBefore)) * (total - done);
    this.out.write(
      `\r${this.title} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] epoch ${epoch}, step ${done} of ${total}, ${clock(left)} left `,
    );
  }

  epoch({ epoch, loss, accuracy, uncertainty, auc, calibrationError }: EpochReport): void {
    const figures = [
      `loss ${loss.toFixed(4)}`,
      `accuracy ${accuracy.toFixed(3)}`,
      `uncertainty ${uncertainty.toFixed(3)}`,
      `validation AUC ${auc.toFixed(4)}`,
      `ECE ${calibrationError.toFixed(3)}`,
    ];
    this.out.write(
      `${this.out.isTTY ? '\r\x1b[2K' : ''}${this.title} epoch ${epoch}: ${figures.join(', ')}, ${clock(performance.now() - this.began)}\n`,
    );
  }
}

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
