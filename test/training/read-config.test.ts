import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { InvalidModelCard } from '../../src/inference/faults.js';
import { readConfig } from '../../src/training/read-config.js';
import { aConfig } from './a-training.js';

const MODELS = new URL('../../../models/', import.meta.url);
const configs = readdirSync(MODELS).filter((name) => existsSync(new URL(`${name}/training.json`, MODELS)));

type Changed = Record<string, Record<string, unknown>>;
const changed = (change: (config: Changed) => void): string => {
  const config = structuredClone(aConfig()) as unknown as Changed; // its members are looked up by name
  change(config);
  return JSON.stringify(config);
};
const withBackbone = (backbone: object) => changed((config) => (config['network']['backbone'] = backbone));

describe('A training.json', () => {
  it.each(configs)('of a bundled model is read: %s', (name) => {
    expect(readConfig(readFileSync(new URL(`${name}/training.json`, MODELS), 'utf8')).name).toBe(name);
  });

  it('is taken as it is', () => {
    expect(readConfig(JSON.stringify(aConfig()))).toEqual(aConfig());
  });

  it('may leave out of the fit what has a usual value: AdamW of 1e-4 and 1e-5, and so on', () => {
    const { batch, epochs, patience } = aConfig().fit;
    const { fit } = readConfig(JSON.stringify({ ...aConfig(), fit: { batch, epochs, patience } }));
    expect(fit).toMatchObject({ batch, epochs, patience, rate: 1e-4, weightDecay: 1e-5, warmUpEpochs: 1, augmentation: {} });
  });

  it.each<[string, string]>([
    ['is no JSON', '{'],
    ['has a member that means nothing', changed((config) => (config['fit']['epoch'] = 3))],
    ['lacks a member', changed((config) => delete config['fit']['epochs'])],
    ['has a share above 1', changed((config) => (config['fit']['labelSmoothing'] = 1.5))],
    ['normalises before it resizes', changed((config) => (config['preparation']['order'] = 'normalise-then-resize'))],
    ['keeps the aspect', changed((config) => (config['preparation']['aspect'] = 'keep'))],
    ['takes raw values, which no augmentation can change', changed((config) => (config['preparation']['values'] = { from: 'modality' }))],
    ['names a backbone that there is not', withBackbone({ name: 'resnet11' })],
    ['names a backbone over volumes', withBackbone({ name: 'resnet10-3d' })],
    ['names a backbone over clips', withBackbone({ name: 'video-resnet10' })],
    ['gives a width to a network that has none to choose', withBackbone({ name: 'densenet-tiny', width: 32 })],
    ['halves an odd width', withBackbone({ name: 'resnet10', width: 9, stem: 'compact' })],
    ['leaves the folder of the data', changed((config) => (config['data']['folder'] = '../elsewhere'))],
  ])('is refused where it %s', (_, text) => {
    expect(() => readConfig(text)).toThrow(InvalidModelCard);
  });
});
