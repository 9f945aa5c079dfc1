import { Recorder, serveOperator } from '@hyperroom/local/operator';
import { expect, it } from 'vitest';
import { openPage } from '../call/participant.ts';
import { useOwnScene } from './scene.ts';

const recorder = new Recorder();
const scene = useOwnScene({ witness: recorder.witness });

it("the operator's page shows the room, and its newest join down to what was said at an arrow", async () => {
  const { stack, browser } = scene();
  const operator = await serveOperator({ stack, recorder, port: 0 });
  try {
    await scene().join('watched', 'Ada');
    const page = await openPage(browser);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(operator.url);

    const room = page.getByTestId('room');
    await room.getByRole('heading', { name: /^watched/ }).waitFor();
    await room.getByRole('rowheader', { name: 'Ada' }).waitFor();
    await page.getByTestId('request').filter({ hasText: 'Ada joins' }).waitFor();
    const write = page.getByRole('button', { name: /UpdateItem room · condition held/ }).first();
    await write.focus();
    await page.keyboard.press('Enter');
    const frame = page.getByRole('complementary');
    await frame.getByText('"pk": "room#watched"').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => frame.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  } finally {
    await operator.close();
  }
});
