/** What an MR series shows, as cards name it. `other`: known to be something else. */
export type MrSequence = 'T1' | 'T1c' | 'T2' | 'FLAIR' | 'DWI' | 'ADC' | 'other';

/** What words say of a series: its weighting, and whether contrast agent was given; undefined where they say nothing, or two things. */
export interface SequenceWords {
  readonly weighting: Exclude<MrSequence, 'T1c'> | undefined;
  readonly contrast: boolean | undefined;
}

/** Words that leave no T1, T2 or FLAIR, whatever else is said: surveys, maps, perfusion, vessels, function, susceptibility, fat suppression by STIR. */
const OTHER =
  /local|survey|scout|calib|smart ?brain|phoenix|phase ?map|b0 ?map|field ?map|t[12] ?map|mapit|mp2rage|t1rho|perfus|\bperf\b|\b(asl|dsc|dce|pwi|cbf|cbv|mtt|ttp|tmax|ktrans)\b|rel ?cb[fv]|\b(tof|mra|mrv|pca|swi|swan|venobold|bold|fmri|epi|stir|sub|subtr\w*|mip|minip|spectro\w*|svs|csi|ciss|fiesta|fisp|psif)\b|angio|t2 ?(\*|star)|t2 ?ffe|(hemo|haemo)\b/;
const ADC = /\be?adc\b|apparent diff/;
const DWI = /\b(dwi|dti|dw|resolve|trace\w*)\b|diffus|\bdiff\b|\bb ?(500|800|1000|1500|2000)\b/;
const FLAIR = /flair|dark ?fluid|tirm|\bda ?fl\b/;
const PROTON_DENSITY = /\b(pd|pdw|proton\w*|dp)\b/;
/** Names of T1-weighted gradient echoes: Siemens, GE, Philips. */
const T1 = /\bt1(w|wi)?\b|\bt1(?=[a-z])|me?mp ?rage|spgr|\bbravo\b|\b(vibe|thrive|lava)\b/;
const T2 = /\bt2(w|wi)?\b|\bt2(?=[a-z])/;
/** Turbo spin echo in the makers' names; with no weighting beside it usage means T2. */
const TURBO_SPIN_ECHO = /\b(tse|fse|frfse|fse ?xl|haste|ssfse|blade|propeller)\b/;

const AGENT = 'gd|gad\\w*|gado\\w*|dota\\w*|km|k ?m|kontrast\\w*|contrast\\w*|ce|mdc|inj\\w*';
const GIVEN = new RegExp(
  `\\b(${AGENT})\\b|\\+ ?(c|k|ce|km|gd|mdc)\\b|\\bc ?\\+|\\bt1w?(c|ce|gd|gad|post|km)\\b|\\bt1w? c\\b|\\bpost\\b(?! ?(op|operativ\\w*|fossa|rt|treatment|surg\\w*)\\b)|\\b(postcontrast|postgad\\w*|enhanced)\\b`,
);
const NOT_GIVEN = new RegExp(
  `\\b(ohne|vor|without|w o|wo|no|non|sans|senza|sin|zonder|bez|utan|uden|pre|prima|avant|voor|före) ?-?(${AGENT})\\b|\\b(pre|nativ\\w*|unenhanced|noncontrast|precontrast|pregad\\w*)\\b|\\b(gd|km|c) ?- ?$`,
);

/**
 * The words of Series Description (0008,103E) and Protocol Name (0018,1030), as Siemens, GE and Philips scanners and users of
 * several languages abbreviate them. FLAIR with T1 beside it is T1-weighted (GE's T1 FLAIR, Siemens' t1 dark-fluid); T1 and T2
 * both, or proton density beside either (a dual echo), say nothing by themselves.
 */
export function sequenceWords(description: string): SequenceWords {
  const text = normalised(description);
  return { weighting: weightingOf(text), contrast: contrastOf(text) };
}

/** Lower case, no accents, one space for each separator; `ax`, `sag`, `3d` and the like apart from the T1 behind them. */
function normalised(description: string): string {
  return description
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9+*-]+/g, ' ')
    .replace(/-(?=[a-z0-9])/g, ' ')
    .replace(/(ax|axial|sag|cor|tra|tr|obl|[23]d)(?=t[12])/g, '$1 ')
    .replace(/\b[se](?=t[12]w?\b)/g, '') // Philips: sT1W, eT2W
    .trim();
}

function weightingOf(text: string): SequenceWords['weighting'] {
  if (ADC.test(text)) return 'ADC';
  if (OTHER.test(text)) return 'other';
  if (DWI.test(text)) return 'DWI';
  const [t1, t2, protonDensity] = [T1.test(text), T2.test(text), PROTON_DENSITY.test(text)];
  if (t1 && t2) return undefined;
  if (t1) return 'T1';
  if (FLAIR.test(text)) return 'FLAIR';
  if (protonDensity) return t2 ? undefined : 'other';
  return t2 || TURBO_SPIN_ECHO.test(text) ? 'T2' : undefined;
}

function contrastOf(text: string): boolean | undefined {
  const notGiven = NOT_GIVEN.test(text);
  const given = GIVEN.test(text.replace(new RegExp(NOT_GIVEN, 'g'), ' '));
  return given === notGiven ? undefined : given;
}
