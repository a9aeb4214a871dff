/** What a phantom shows and says of itself. */
export interface PhantomOptions {
  /** a soft consolidation in the lower zone of one lung */
  readonly opacity: boolean;
  readonly photometricInterpretation: 'MONOCHROME1' | 'MONOCHROME2';
  /** who is imaged: patient, anatomy, noise; and, with the time, the study. An integer. */
  readonly seed: number;
  /**
   * In UTC, to the second; 15 January 2026, 9:00 if not given, so that nothing depends on the clock. The same seed at
   * another time is another study of the same patient, with the same picture.
   */
  readonly studyDateTime?: Date;
  /** pixels; 1024 if not given */
  readonly rows?: number;
  /** pixels; 1024 if not given */
  readonly columns?: number;
}
