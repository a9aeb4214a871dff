/** One thing that a profile asks for beyond R4 itself. */
export interface ProfileRule {
  /** Where it is asked: names of elements with dots between them, of choices without their type; empty for the resource. */
  readonly at: string;
  /** The element below `at` that an outcome points to, where it is what is missing. */
  readonly names?: string;
  /** FHIRPath, true of each element at the place; of none it is not asked. */
  readonly test?: string;
  /** In place of `test`: types that a reference may point to. */
  readonly refersTo?: readonly string[];
  readonly words: string;
  /**
   * Asked only of who names no version of the profile: what its earlier versions ask for and this one does not. Such a claim is for
   * readers of any version.
   */
  readonly ofAnyVersion?: boolean;
  /** The invariant's key in the profile. */
  readonly key?: string;
}

/** A profile as far as a resource can break it (R4 profiling.html): slices, bindings and invariants alike as FHIRPath. */
export interface Profile {
  readonly url: string;
  readonly name: string;
  readonly type: string;
  /** Who publishes it, and in which version. */
  readonly source: string;
  readonly version?: string;
  readonly rules: readonly ProfileRule[];
  /** What it asks for beside that and is not looked at: value sets of outside terminologies. */
  readonly unchecked?: readonly string[];
}
