import { afterEach, it } from 'vitest';
import { expectToOutliveItsSocket } from './faults/watching.ts';
import { useOwnScene } from './scene.ts';

const scene = useOwnScene();

afterEach(() => scene().closePages());

it('a participant whose socket is lost goes on where it was, unseen by all', () =>
  expectToOutliveItsSocket(scene(), false));
