import type { Progress } from './run-progress.js';

const BAR = 24;

/** A run's progress in one line for a terminal: `[######------------------]  25.0 %  50/200  1 failed  10.0 cases/s  ETA 15 s (14 s … 16 s)`. */
export function progressLine({ done, failed, total, percent, casesPerSecond, secondsLeft: left }: Progress): string {
  const filled = Math.floor((BAR * percent) / 100);
  const speed = casesPerSecond.lately ?? casesPerSecond.overall;
  return [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${percent.toFixed(1).padStart(5)} %`,
    `${done}/${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(speed === null ? [] : [`${speed.toFixed(speed < 10 ? 2 : 1)} cases/s`]),
    ...(left === null ? ['ETA unknown'] : [`ETA ${duration(left.estimate)} (${duration(left.lower)} … ${duration(left.upper)})`]),
  ].join('  ');
}

/** `42 s`, `3 min 05 s`, `2 h 07 min`; whole seconds. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(whole % 60).padStart(2, '0')} s` : `${whole} s`;
}
