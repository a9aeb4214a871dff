/** Cases on a page: few enough for a browser, many enough for a study. */
export const CASES_A_PAGE = 1_000;

/** The page of the cases with this number, 0 for the first; from the payload's root. */
export const casePage = (page: number): string => `cases/${String(page + 1).padStart(4, '0')}.html`;

/** Where a case stands. @param place  of the case among all */
export const caseAddress = (place: number): string => `${casePage(Math.floor(place / CASES_A_PAGE))}#${caseAnchor(place)}`;

/** By its place, not by its key, which may have characters that no address has. */
export const caseAnchor = (place: number): string => `c${place}`;
