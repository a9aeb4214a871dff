import { describe, expect, it } from '@jest/globals';
import { EngineModel } from '../../../src/inference/engines/engine-model.js';
import { aCard } from '../tiny-models.js';

function onCuda(): EngineModel {
  const model = new EngineModel({ card: aCard(), path: '/nowhere' });
  model.accept('cuda');
  return model;
}

describe('A model whose provider agreed with the CPU at the start', () => {
  it('goes to the CPU after three failed runs in a row, and says so', () => {
    const model = onCuda();
    expect([model.runFailed(), model.runFailed(), model.accepted]).toEqual([false, false, 'cuda']);
    expect(model.runFailed()).toBe(true);
    expect(model.accepted).toBe('cpu');
    expect(model.refused).toEqual([{ provider: 'cuda', why: 'failed 3 runs in a row' }]);
  });

  it('keeps its provider while runs between the failures end well', () => {
    const model = onCuda();
    for (let i = 0; i < 5; i++) {
      model.runFailed();
      model.runFailed();
      model.ranWell();
    }
    expect(model.accepted).toBe('cuda');
  });

  it('goes to the CPU when the provider cannot load it again, and only then becomes unusable', () => {
    const model = onCuda();
    expect(model.loadFailed('no memory')).toBe(true);
    expect(model.refused).toEqual([{ provider: 'cuda', why: 'could not be loaded: no memory' }]);
    expect(model.unusable).toBeUndefined();
    expect(model.loadFailed('bad graph')).toBe(false);
    expect(model.unusable).toBe('bad graph');
  });

  it('is left out after two processes died of loading it on the CPU', () => {
    const model = new EngineModel({ card: aCard(), path: '/nowhere' });
    model.diedAtLoad();
    expect(model.unusable).toBeUndefined();
    model.diedAtLoad();
    expect(model.unusable).toBe('2 processes died of it');
  });

  it('stays on the CPU however often runs fail there', () => {
    const model = new EngineModel({ card: aCard(), path: '/nowhere' });
    expect(Array.from({ length: 10 }, () => model.runFailed())).not.toContain(true);
    expect([model.accepted, model.refused]).toEqual(['cpu', []]);
  });
});
