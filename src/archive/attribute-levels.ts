export type Level = 'study' | 'series' | 'instance';

/** Higher levels first: an attribute of a rank may be asked for at its own level and below (PS3.4 C.3.1). */
export const RANK: Readonly<Record<Level, number>> = { study: 0, series: 1, instance: 2 };

/** Attributes of the Patient, Clinical Trial, General Study and Patient Study modules (PS3.3 C.7.1, C.7.2). */
const STUDY_LEVEL = new Set(
  `00080005 00080020 00080030 00080050 00080051 00080061 00080090 00080096 00081030 00081032 00081048 00081049
   00081060 00081062 00081080 00081084 00081110 0020000D 00200010 00080201 00101010 00101020 00101030
   001021B0 00101021 00101022 00102180 00102000 00102110 001021C0 00380010 00380014 00380060 00380064
   00321034 00401012 0032000A 00321032 00321033 00321060 00201206 00201208`.split(/\s+/),
);
/** Attributes of the General Series and General Equipment modules (PS3.3 C.7.3.1, C.7.5.1). */
const SERIES_LEVEL = new Set(
  `00080060 0020000E 00200011 00200060 00080021 00080031 00081050 00081052 00181030 0008103E 0008103F
   00081070 00081072 00081111 00081250 00180015 00185100 00280108 00280109 00400275 00400253 00400244
   00400245 00400250 00400251 00400254 00400260 00400280 00102210 00080070 00080080 00080081 00081010 00081040 00081090
   00181000 00181020 00181050 00181200 00181201 00280120 00200052 00201040 00201209`.split(/\s+/),
);

/** The level an attribute belongs to; patient attributes (group 0010) count to the study. */
export function levelOf(at: string): Level {
  if (STUDY_LEVEL.has(at) || (at.startsWith('0010') && !SERIES_LEVEL.has(at))) return 'study';
  return SERIES_LEVEL.has(at) ? 'series' : 'instance';
}
