/** If-Match, If-None-Match: * (R4 http.html#concurrency, #versionread; RFC 9110 13.1.1, 13.1.2). */
export interface Conditions {
  /** It must be there, at one of these. */
  readonly versions?: readonly number[];
  /** If-Match: * */
  readonly mustBeThere?: boolean;
  /** If-None-Match: *, or an id that only the client has given. */
  readonly mustBeNew?: 'header' | 'id';
}

/** What the headers of a request, or those of a Bundle's entry, ask for. */
export function conditionsOf(ifMatch: string | undefined, ifNoneMatch: string | undefined): Conditions {
  return {
    ...(ifMatch !== undefined && (isAny(ifMatch) ? { mustBeThere: true } : { versions: versionsIn(ifMatch) })),
    ...(ifNoneMatch !== undefined && isAny(ifNoneMatch) && { mustBeNew: 'header' as const }),
  };
}

/** Whether nothing that is absent meets them. */
export const askForOne = ({ versions, mustBeThere }: Conditions): boolean => versions !== undefined || mustBeThere === true;

/** Whether a list of tags names a version, as * does any. */
export const namesVersion = (tags: string, version: number): boolean => isAny(tags) || versionsIn(tags).includes(version);

const isAny = (tags: string): boolean => tags.trim() === '*';

/** The versions that a list of entity tags names, `W/"3", "4"`, or a bare 3 as some clients write it; what is none names no version. */
const versionsIn = (tags: string): number[] =>
  tags.split(',').flatMap((tag) => Number(/^(?:W\/)?(?:"([1-9]\d{0,8})"|([1-9]\d{0,8}))$/.exec(tag.trim())?.slice(1).join('') ?? 0) || []);
