import { countText } from '../../figures/drawing/words.js';
import type { EndpointView } from '../study/endpoint-view.js';
import type { StudyView } from '../study/study-view.js';
import { sectionAddress, sectionNamed } from '../trace/trace-page.js';
import type { Traces } from '../trace/traces.js';
import type { StudyFigure } from '../figures/study-figures.js';
import { link, type Words } from './block.js';

/** All that the report is made of. */
export interface Told {
  readonly view: StudyView;
  readonly endpoints: readonly EndpointView[];
  readonly traces: Traces;
  readonly figures: readonly StudyFigure[];
  readonly flow: StudyFigure;
}

/** A count of cases, which leads to them. */
export function counted({ traces }: Told, page: 'study' | 'dataset', name: string): Words {
  const places = sectionNamed(traces[page], name)?.places ?? [];
  return link(countText(places.length), sectionAddress(traces[page], name));
}
