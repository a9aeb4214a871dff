import { Fault } from '../../../faults.js';

/** The values of a CT are not Hounsfield units, whatever they are: the model would see air where there is none. */
export class HounsfieldImplausible extends Fault {
  readonly code = 'hounsfield-implausible';
  readonly status = 422;
}
